package import CommandFlags
import Platform
import Reactor

/// The kinds of faults of one component.
package protocol FaultKind: RawRepresentable<String>, CaseIterable, Sendable, Equatable {
    /// The flag for such faults, for error messages.
    static var flag: String { get }
    /// The targets that a fault may name; `nil` if they are not known here.
    static var targets: [String]? { get }
}

/// A fault with its start and duration.
package struct TimedFault<SomeKind: FaultKind>: Sendable, Equatable {
    package typealias Kind = SomeKind

    package let kind: Kind
    /// The printer, or the part of the account's API; `nil` is the first printer, or all parts except the sign-in.
    package var target: String?
    package var after = Duration.zero
    /// The duration; `nil` if it does not end.
    package var lasting: Duration?

    package init(_ kind: Kind, target: String? = nil, after: Duration = .zero, lasting: Duration? = nil) {
        self.kind = kind
        self.target = target
        self.after = after
        self.lasting = lasting
    }

    /// Parses `KIND[@TARGET][,after=30s][,for=20s]`.
    package init(parsing text: String) throws(UsageError) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let head = (parts.first ?? "").split(separator: "@", maxSplits: 1).map(String.init)
        guard let kind = Kind(rawValue: head.first ?? "") else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError("\(Kind.flag)=\(text): \"\(head.first ?? "")\" is not a fault. Use one of: \(known)")
        }
        self.init(kind, target: head.dropFirst().first)
        if let target, let known = Kind.targets, !known.contains(target) {
            let known = known.joined(separator: ", ")
            throw UsageError("\(Kind.flag)=\(text): \"\(target)\" is not a known target. Use one of: \(known)")
        }
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2, let duration = DurationText.parse(pair[1]), ["after", "for"].contains(pair[0]) else {
                throw UsageError("\(Kind.flag)=\(text): expected after=DURATION or for=DURATION, found \"\(part)\"")
            }
            if pair[0] == "after" { after = duration } else { lasting = duration }
        }
    }

    /// Calls `set` when the fault starts and when it ends, relative to now. Must be called on the loop's thread.
    func schedule(on loop: EventLoop, _ set: @escaping (_ isOn: Bool) -> Void) {
        loop.schedule(after: after) { set(true) }
        if let lasting { loop.schedule(after: after + lasting) { set(false) } }
    }
}
