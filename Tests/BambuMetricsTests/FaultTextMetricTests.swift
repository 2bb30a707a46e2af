import BambuProtocol
import Testing

@testable import BambuMetrics
@testable import OpenMetrics

@Suite("Fault texts in the exposition")
struct FaultTextMetricTests {
    private static let catalogue = #"""
        {"result":0,"ver":1,"data":{"device_hms":{"en":[{"ecode":"0300010000010001","intro":"The bed is too \"cold\"."}]},
        "device_error":{"en":[{"ecode":"12008006","intro":"Check the spool."}]}}}
        """#

    private func text(_ isConfigured: Bool) -> String {
        var snapshot = PrinterSnapshot.up(
            Printer(
                #"{"print":{"print_error":302022662,"hms":[{"attr":50331904,"code":65537},{"attr":50331905,"code":65537}]}}"#
            ))
        if isConfigured, case .texts(let texts) = FaultTexts.read(Array(Self.catalogue.utf8), language: "en") {
            snapshot.faultTexts = texts
        }
        return String(decoding: Exposition.of([snapshot], in: .text), as: UTF8.self)
    }

    @Test func `codes have texts if the catalogue is loaded`() {
        let text = text(true)
        #expect(text.contains(#"bambu_print_error_info{printer="p",code="1200_8006",text="Check the spool."} 1"#))
        #expect(
            text.contains(
                #"bambu_hms_message_info{printer="p",code="HMS_0300_0100_0001_0001",text="The bed is too \"cold\"."} 1"#
            ))
        #expect(text.contains(#"bambu_hms_messages{printer="p",level="fatal"} 1"#))
        #expect(text.contains(#"bambu_hms_messages{printer="p",level="hidden"} 1"#))
    }

    @Test func `codes have no texts without the catalogue`() {
        let text = text(false)
        #expect(text.contains(#"bambu_print_error_info{printer="p",code="1200_8006",text=""} 1"#))
        #expect(!text.contains("bambu_hms_message_info{"))
        #expect(text.contains(#"bambu_hms_messages{printer="p",level="fatal"} 2"#))
    }
}
