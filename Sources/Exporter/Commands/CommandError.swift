/// Why a command failed, and what to do; one problem per line.
struct CommandError: Error, CustomStringConvertible {
    let description: String
    /// A command to run instead, which is printed alone on a line so that it can be copied.
    var command: String?

    init(_ description: String, command: String? = nil) {
        self.description = description
        self.command = command
    }
}
