/// Payloads that a printer should not send; each kind in turn.
struct Garbage {
    private var count = 0

    mutating func next() -> [UInt8] {
        defer { count += 1 }
        return Self.payloads[count % Self.payloads.count]
    }

    private static let payloads: [[UInt8]] = [
        Array("this is no JSON".utf8),
        report(#""subtask_name":""#, [0xFF, 0xFE, 0xC0], #"""#),
        Array(String(repeating: "[", count: 20_000).utf8),
        report(#""padding":"\#(String(repeating: "x", count: 1_200_000))""#),
        report(#""ams":[1],"mc_percent":{},"layer_num":null,"hms":"none","nozzle_temper":"hot","wifi_signal":true"#),
        Array("[1,2,3]".utf8),
        [],
        report(#""mc_percent":1e400,"layer_num":99999999999999999999,"bed_temper":-1e308"#),
        Array(#"{"print":{"command":"push_status","mc_per"#.utf8),
        Array(#"{"print":"push_status"}"#.utf8),
    ]

    /// A report with these members, which may contain bytes that are not text.
    private static func report(_ start: String, _ bytes: [UInt8] = [], _ end: String = "") -> [UInt8] {
        Array(#"{"print":{"command":"push_status","msg":1,\#(start)"#.utf8) + bytes + Array("\(end)}}".utf8)
    }
}
