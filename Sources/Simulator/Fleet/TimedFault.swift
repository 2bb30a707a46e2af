import Reactor

/// The kinds of something that goes wrong.
package protocol FaultKind: RawRepresentable<String>, CaseIterable, Sendable, Equatable {
    /// The flag that takes such faults, for error messages.
    static var flag: String { get }
    /// The only targets that a fault may name; `nil` if they are not known here.
    static var targets: [String]? { get }
}

/// Something that goes wrong for a while.
package struct TimedFault<SomeKind: FaultKind>: Sendable, Equatable {
    package typealias Kind = SomeKind

    package let kind: Kind
    /// The name of the printer, or the part of the account's interface; `nil` is the first printer, or all parts but the
    /// sign-in.
    package var target: String?
    /// How long until it begins.
    package var after = Duration.zero
    /// How long it lasts; `nil`: to the end.
    package var lasting: Duration?

    package init(_ kind: Kind, target: String? = nil, after: Duration = .zero, lasting: Duration? = nil) {
        self.kind = kind
        self.target = target
        self.after = after
        self.lasting = lasting
    }

    /// Reads `KIND[@TARGET][,after=30s][,for=20s]`.
    package init(parsing text: String) throws(SimulatorError) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let head = (parts.first ?? "").split(separator: "@", maxSplits: 1).map(String.init)
        guard let kind = Kind(rawValue: head.first ?? "") else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("\(Kind.flag)=\(text): \"\(head.first ?? "")\" is no fault; there are \(known)")
        }
        self.init(kind, target: head.dropFirst().first)
        if let target, let known = Kind.targets, !known.contains(target) {
            throw .usage("\(Kind.flag)=\(text): there is no \"\(target)\"; there are \(known.joined(separator: ", "))")
        }
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2, let duration = DurationText.parse(pair[1]), ["after", "for"].contains(pair[0]) else {
                throw .usage("\(Kind.flag)=\(text): \"\(part)\" is neither after=DURATION nor for=DURATION")
            }
            if pair[0] == "after" { after = duration } else { lasting = duration }
        }
    }

    /// Calls `set` when the fault begins and when it ends, counted from now. On the loop's thread.
    func schedule(on loop: EventLoop, _ set: @escaping (_ isOn: Bool) -> Void) {
        loop.schedule(after: after) { set(true) }
        if let lasting { loop.schedule(after: after + lasting) { set(false) } }
    }
}
