/// What this program was built from.
enum Build {
    static let version = "0.1.0"

    /// When that version was made, for its manual page.
    static let date = "2026-11-25"

    /// The commit; the image and the packages put it here.
    static let revision = ""

    #if compiler(>=6.3)
        static let swiftVersion = "6.3"
    #else
        static let swiftVersion = "6.2"
    #endif

    static var summary: String {
        "bambu_exporter \(version)" + (revision.isEmpty ? "" : " (\(revision))") + ", Swift \(swiftVersion)"
    }
}
