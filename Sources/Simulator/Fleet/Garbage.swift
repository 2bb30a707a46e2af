/// Payloads that a printer should not send; each kind in turn.
package struct Garbage: Sendable {
    private var count = 0

    package init() {}

    package mutating func next() -> [UInt8] {
        let kinds = Self.kinds
        defer { count += 1 }
        return kinds[count % kinds.count]()
    }

    private static let kinds: [@Sendable () -> [UInt8]] = [
        { Array("this is no JSON".utf8) },
        { invalidText },
        { Array(String(repeating: "[", count: 20_000).utf8) },
        { report(#""padding":"\#(String(repeating: "x", count: 1_200_000))""#) },
        {
            report(#""ams":[1],"mc_percent":{},"layer_num":null,"hms":"none","nozzle_temper":"hot","wifi_signal":true"#)
        },
        { Array("[1,2,3]".utf8) },
        { [] },
        { report(#""mc_percent":1e400,"layer_num":99999999999999999999,"bed_temper":-1e308"#) },
        { Array(#"{"print":{"command":"push_status","mc_per"#.utf8) },
        { Array(#"{"print":"push_status"}"#.utf8) },
    ]

    private static func report(_ fields: String) -> [UInt8] {
        Array(#"{"print":{"command":"push_status","msg":1,\#(fields)}}"#.utf8)
    }

    private static let invalidText =
        Array(#"{"print":{"command":"push_status","msg":1,"subtask_name":""#.utf8) + [0xFF, 0xFE, 0xC0]
        + Array(#""}}"#.utf8)
}
