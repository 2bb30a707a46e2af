/// Reads and checks a `--web.config.file`.
struct WebConfigurationLoader: Sendable {
    private static let sizeLimit = 1 << 20
    private static let wanted = "the web configuration must be JSON; YAML is not supported"

    let file: String

    /// Reads and checks the file.
    ///
    /// - Throws: `ConfigurationError` with all problems.
    func load() throws(ConfigurationError) -> WebConfiguration {
        let (tree, outline) = try contents()
        var reading = ConfigurationReading(of: file, outline)
        var web = WebConfiguration()
        web.read(tree, at: "", &reading)
        if !reading.problems.isEmpty { throw ConfigurationError(reading.problems) }
        return web
    }

    private func contents() throws(ConfigurationError) -> (ConfigurationValue, JSON5Outline) {
        do {
            let bytes = try FileReading.bytes(of: file, limit: Self.sizeLimit)
            let outline = try JSON5Outline(String(decoding: bytes, as: UTF8.self))
            guard let tree = try? outline.tree() else {
                throw ConfigurationError(outline.refusedLine.map { "\(file):\($0)" } ?? file, Self.wanted)
            }
            return (tree, outline)
        } catch let error as JSON5Outline.SyntaxError {
            throw ConfigurationError("\(file):\(error.line)", "\(Self.wanted): \(error.message)")
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw ConfigurationError(file, "cannot read the web configuration: \(FileReading.reason(error))")
        }
    }
}
