/// A small catalogue of fault texts in the maker's format, with invented texts.
enum SimulatedCatalogue {
    private static let version = 202_611_280_000
    private static let texts = JSONSlice(PackageResources.fault_texts_json)

    static func answer(_ message: CloudMessage) -> CloudReply {
        if message.query["v"] == "\(version)" {
            return CloudReply(body: #"{"result":201,"t":1790657978,"ver":\#(version)}"#)
        }
        let language = message.query["lang"] ?? "en"
        func list(_ name: String) -> JSONText {
            let items = JSONText(fixture: texts.member(name)?.bytes ?? [])
            return #"{"ver":\#(version),\#(language):\#(items)}"#
        }
        return CloudReply(
            body: """
                {"result":0,"t":1790657978,"ver":\(version),\
                "data":{"device_hms":\(list("messages")),"device_error":\(list("errors"))}}
                """)
    }
}
