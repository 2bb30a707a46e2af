/// A small catalogue of fault texts in the maker's format, with invented texts.
enum SimulatedCatalogue {
    private static let version = 202_611_280_000

    private static let messages = [
        "03000D0000010003": "The heated bed cannot be levelled. Clean the nozzle and the plate.",
        "0C0003000003000B": "The first layer is being inspected.",
        "0700200000020001": "The filament of AMS A, slot 1 has run out.",
        "0700210000020001": "The filament of AMS A, slot 2 has run out.",
        "0700220000020001": "The filament of AMS A, slot 3 has run out.",
        "0700230000020001": "The filament of AMS A, slot 4 has run out.",
        "0500060000020070": "",
    ]
    private static let errors = [
        "0300400C": "The task was cancelled.",
        "03008003": "The print has failed.",
        "07008011": "The filament of the AMS has run out. Insert a new spool.",
        "12008006": "The AMS Lite cannot feed the filament.",
    ]

    static func answer(_ message: CloudMessage) -> CloudReply {
        let language = message.query["lang"] ?? "en"
        if message.query["v"] == "\(version)" { return CloudReply(#"{"result":201,"t":1790657978,"ver":\#(version)}"#) }
        func list(_ texts: [String: String]) -> String {
            texts.sorted { $0.key < $1.key }.map { #"{"ecode":"\#($0.key)","intro":"\#($0.value)"}"# }.joined(
                separator: ",")
        }
        return CloudReply(
            #"{"result":0,"t":1790657978,"ver":\#(version),"data":{"device_hms":{"ver":\#(version),"\#(language)":[\#(list(messages))]},"device_error":{"ver":\#(version),"\#(language)":[\#(list(errors))]}}}"#
        )
    }
}
