/// All problems of a configuration, each with its place and what to do.
struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    struct Problem: Equatable, Sendable, CustomStringConvertible {
        /// The file with the line if it is known; or "environment", or the flag.
        var place: String
        /// The path of the key, such as `printers[2].camera.window`; "" if the problem is not about one key.
        var path: String
        var message: String

        var description: String {
            path.isEmpty ? "\(place): \(message)" : "\(place): \(path): \(message)"
        }
    }

    var problems: [Problem]

    init(_ problems: [Problem]) {
        self.problems = problems
    }

    init(_ place: String, _ message: String) {
        problems = [Problem(place: place, path: "", message: message)]
    }

    var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
