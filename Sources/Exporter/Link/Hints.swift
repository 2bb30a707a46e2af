/// What is wrong with a printer's connections, and what a person can do about it. For people, not for metrics.
struct Advice: Sendable, Equatable {
    /// `nil` while its reports arrive, and before it was tried.
    var link: String?
    /// `nil` while its camera is seen, and before it was looked at.
    var camera: String?
}
