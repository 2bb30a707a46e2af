/// The version and revision of this build.
enum Build {
    static let version = "0.1.0"

    /// The date of the version, for the manual page.
    static let date = "2026-11-25"

    /// The commit; set by the builds of the image and the packages.
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
