import FoundationEssentials
import Reactor

/// A configuration being read: the problems found so far, and the files of authorities that it names.
struct ConfigurationReading {
    private(set) var problems: [ConfigurationError.Problem]
    /// What each `ca_file` holds, by its path.
    private(set) var authorities: [String: TrustStore] = [:]
    /// The file, or "environment".
    private let place: String
    /// The line of each key, by its path.
    private let lines: [String: Int]

    /// - Parameters:
    ///   - place: the file, or "environment".
    ///   - outline: the lines of the keys, and the keys that are given twice.
    init(of place: String, _ outline: JSON5Outline? = nil) {
        self.place = place
        lines = outline?.lines ?? [:]
        problems = (outline?.duplicates ?? []).map { path, line in
            ConfigurationError.Problem(place: "\(place):\(line)", path: path, message: "this key is given twice")
        }
    }

    /// Reports a problem.
    ///
    /// - Parameter path: the key's path, or the variable's name.
    mutating func refuse(_ path: String, _ message: String) {
        let line = lines[path].map { ":\($0)" } ?? ""
        problems.append(ConfigurationError.Problem(place: place + line, path: path, message: message))
    }

    mutating func add(_ problem: ConfigurationError.Problem) {
        problems.append(problem)
    }

    /// A path from the folder of the configuration file, as exporter-toolkit resolves it.
    func resolved(_ path: String) -> String {
        path.hasPrefix("/") ? path : URL(filePath: place).deletingLastPathComponent().appending(path: path).path
    }

    /// Reads a file of authorities, once.
    mutating func readAuthorities(_ file: String, at path: String) {
        guard authorities[file] == nil else { return }
        do throws(TrustStore.Unreadable) {
            authorities[file] = try TrustStore(file: file)
        } catch {
            refuse(path, error.description)
        }
    }

    /// Resolves a secret that is given as a text or as a file.
    ///
    /// - Parameter path: where an error puts the key of the text; that of the file has `_file` or `_FILE` at its end.
    /// - Returns: the secret; `nil` if neither is given, or after it has reported a problem.
    mutating func secret(_ text: Secret?, orFile file: String?, at path: String) -> Secret? {
        guard let file else { return text }
        let key = String(path.split(separator: ".").last ?? "")
        let ending = key == key.uppercased() ? "_FILE" : "_file"
        guard text == nil else {
            refuse(path, "give \(key) or \(key)\(ending), not both")
            return nil
        }
        do throws(SecretFile.Unreadable) {
            return try SecretFile.read(file)
        } catch {
            refuse(path + ending, error.description)
            return nil
        }
    }
}
