import Reactor

/// When a fault begins and how long it lasts.
package struct FaultTimes: Sendable, Equatable {
    package var after = Duration.zero
    /// `nil`: to the end.
    package var lasting: Duration?

    package init() {}

    /// Calls `set` when the fault begins and when it ends, counted from now. On the loop's thread.
    func schedule(on loop: EventLoop, _ set: @escaping (_ isOn: Bool) -> Void) {
        loop.schedule(after: after) { set(true) }
        if let lasting { loop.schedule(after: after + lasting) { set(false) } }
    }

    /// Takes `KIND[@TARGET][,after=30s][,for=20s]` apart.
    ///
    /// - Parameter flag: the flag that it was given to, for the words of what is wrong.
    static func parse(
        _ text: String, of flag: String
    ) throws(SimulatorError) -> (kind: String, target: String?, times: FaultTimes) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let head = (parts.first ?? "").split(separator: "@", maxSplits: 1)
        var times = FaultTimes()
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, let duration = DurationText.parse(String(pair[1])),
                ["after", "for"].contains(pair[0])
            else {
                throw .usage("\(flag)=\(text): \"\(part)\" is neither after=DURATION nor for=DURATION")
            }
            if pair[0] == "after" { times.after = duration } else { times.lasting = duration }
        }
        return (String(head.first ?? ""), head.count > 1 ? String(head[1]) : nil, times)
    }
}
