import Testing

@testable import BambuProtocol

@Suite("FaultTexts")
struct FaultTextsTests {
    private static let body = #"""
        {"result":0,"t":1790657978,"ver":"202609231145","data":{"device_hms":{"ver":202609231145,"EN":[
        {"ecode":"0300010000010007","intro":" The bed is too cold. "},{"ecode":"05000600000200AB","intro":""}]},
        "device_error":{"ver":1,"en":[{"ecode":"0300400c","intro":"The task was cancelled."}]}}}
        """#

    private func parsed(_ body: String, language: String = "en") -> FaultTexts? {
        guard case .texts(let texts) = FaultTexts.read(Array(body.utf8), language: language) else { return nil }
        return texts
    }

    @Test func `a response is read with codes in either case`() throws {
        let texts = try #require(parsed(Self.body))
        let message = try #require(HMSMessage(attribute: 0x0300_0100, number: 0x1_0007))
        #expect(texts.version == 202_609_231_145 && texts.text(of: message) == "The bed is too cold.")
        #expect(texts.text(ofError: 0x0300_400C) == "The task was cancelled." && texts.text(ofError: 1) == "")
    }

    @Test func `a message without a text is hidden`() throws {
        let texts = try #require(parsed(Self.body))
        let known = try #require(HMSMessage(attribute: 0x0300_0100, number: 0x1_0007))
        let silent = try #require(HMSMessage(attribute: 0x0500_0600, number: 0x2_00AB))
        let absent = try #require(HMSMessage(attribute: 0x0700_0100, number: 0x2_0001))
        #expect(known.level(by: texts) == .fatal && silent.level(by: texts) == .hidden)
        #expect(absent.level(by: texts) == .hidden && absent.level(by: nil) == .serious)
    }

    @Test func `a catalogue without texts of messages hides none`() throws {
        let errors = #"{"result":0,"data":{"device_error":{"en":[{"ecode":"0300400c","intro":"Cancelled."}]}}}"#
        let silent = errors.replacing(#""data":{"#, with: #""data":{"device_hms":{"en":[{"ecode":"1","intro":""}]},"#)
        let message = try #require(HMSMessage(attribute: 0x0300_0100, number: 0x1_0007))
        for body in [errors, silent] {
            let texts = try #require(parsed(body))
            #expect(message.level(by: texts) == .fatal)
        }
        var texts = try #require(parsed(errors))
        texts.merge(try #require(parsed(Self.body.replacing("0300010000010007", with: "1"))))
        #expect(message.level(by: texts) == .hidden)
    }

    @Test func `if a code has two texts, the longer one is kept`() throws {
        var texts = try #require(parsed(Self.body))
        texts.merge(try #require(parsed(Self.body.replacing("was cancelled", with: "was cancelled by its user"))))
        #expect(texts.text(ofError: 0x0300_400C) == "The task was cancelled by its user.")
    }

    @Test(arguments: [
        "", "[]", "{", #"{"result":0}"#, #"{"result":1,"data":{}}"#, #"{"result":0,"data":{"device_hms":[]}}"#,
        #"{"result":0,"data":{"device_hms":{"en":[{"ecode":"xyz","intro":"a"}]}}}"#,
        #"{"result":0,"data":{"device_hms":{"en":[{"ecode":"0300010000010007","intro":" "}]}}}"#,
    ])
    func `an unusable response is rejected`(body: String) {
        #expect(FaultTexts.read(Array(body.utf8), language: "en") == .unusable)
    }

    @Test func `a response without newer texts is recognized`() {
        #expect(FaultTexts.read(Array(#"{"result":201,"data":{}}"#.utf8), language: "en") == .unchanged)
    }

    @Test func `a response in another language is rejected`() {
        #expect(parsed(Self.body, language: "de") == nil)
        #expect(parsed(Self.body.replacing("EN", with: "zh-CN"), language: "zh-cn") != nil)
    }
}
