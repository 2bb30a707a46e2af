/// Reads and checks a `--web.config.file`.
struct WebConfigurationLoader: Sendable {
    private static let sizeLimit = 1 << 20
    private static let wanted = "the web configuration must be JSON; YAML is not supported"

    let file: String

    /// Reads and checks the file.
    ///
    /// - Throws: `ConfigurationError` with all problems.
    func load() throws(ConfigurationError) -> WebConfiguration {
        let document = try contents()
        var reading = ConfigurationReading(of: file, document)
        var web = WebConfiguration()
        web.read(document.root, at: "", &reading)
        if !reading.problems.isEmpty { throw ConfigurationError(reading.problems) }
        return web
    }

    private func contents() throws(ConfigurationError) -> JSON5Document {
        do {
            let bytes = try FileReading.bytes(of: file, limit: Self.sizeLimit)
            return try JSON5Document(String(decoding: bytes, as: UTF8.self))
        } catch let error as JSON5Document.SyntaxError {
            throw ConfigurationError("\(file):\(error.line)", "\(Self.wanted): \(error.message)")
        } catch {
            throw ConfigurationError(file, "cannot read the web configuration: \(FileReading.reason(error))")
        }
    }
}
