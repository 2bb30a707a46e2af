/// Hints for the user about a printer's failing connections. The status page shows them; metrics do not.
struct Hints: Sendable, Equatable {
    /// What is wrong with the session and what to do; `nil` if reports arrive or before the first attempt.
    var link: String?
    /// What is wrong with the camera and what to do; `nil` if it works or before the first probe.
    var camera: String?
}
