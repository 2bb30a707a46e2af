import Platform
import TLS

/// The state of reading a configuration: the problems found, and the files of authorities.
struct ConfigurationReading {
    var problems: [ConfigurationError.Problem]
    /// The authorities by file; `nil` for the system's.
    private(set) var authorities: [String?: TrustStore] = [:]
    /// The file, or "environment".
    private let place: String
    /// The line of each key, by its path.
    private let lines: [String: Int]

    /// - Parameters:
    ///   - place: the file, or "environment".
    ///   - document: the lines of the keys, and duplicate keys.
    init(of place: String, _ document: JSON5Document? = nil) {
        self.place = place
        lines = document?.lines ?? [:]
        problems = (document?.duplicates ?? []).map { path, line in
            ConfigurationError.Problem(
                place: "\(place):\(line)", path: path,
                message: "this key occurs twice. Remove one of the two")
        }
    }

    /// Adds a problem.
    ///
    /// - Parameters:
    ///   - path: the path of the key, or the name of the variable or flag.
    ///   - source: where the key is set; `nil` for the place of this reading.
    mutating func refuse(_ path: String, _ message: String, in source: String? = nil) {
        let line = lines[path].map { ":\($0)" } ?? ""
        problems.append(ConfigurationError.Problem(place: source ?? place + line, path: path, message: message))
    }

    /// Resolves a path relative to the folder of the configuration file, like exporter-toolkit.
    func resolved(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(AtomicFile.folder(of: place))/\(path)"
    }

    /// Reads a file of authorities, or those of the system if `nil`, unless they were already read.
    mutating func readAuthorities(_ file: String?, at path: String) {
        guard authorities[file] == nil else { return }
        do throws(TrustStore.Unreadable) {
            authorities[file] = try TrustStore(file: file)
        } catch {
            refuse(path, error.description)
        }
    }

    /// Resolves a secret that is set directly or by a file.
    ///
    /// - Parameter path: the path of the direct key; the file's key has the suffix `_file` or `_FILE`.
    /// - Returns: The secret; `nil` if neither is set, or after a problem was added.
    mutating func secret(_ text: Secret?, orFile file: String?, at path: String) -> Secret? {
        guard let file else { return text }
        let key = String(path.split(separator: ".").last ?? "")
        let ending = key == key.uppercased() ? "_FILE" : "_file"
        guard text == nil else {
            refuse(path, "\(key) and \(key)\(ending) cannot be combined. Remove one of the two")
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
