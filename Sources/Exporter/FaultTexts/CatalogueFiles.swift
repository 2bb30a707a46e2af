import BambuProtocol
import Glibc
import Platform

/// The manufacturer's catalogues of fault texts in `state_dir`, one per model. Used on the file worker's thread.
struct CatalogueFiles: Sendable {
    struct Kept: Sendable {
        let texts: FaultTexts
        /// When the catalogue was fetched or confirmed, in seconds since 1970.
        let time: Double
    }

    /// The `state_dir`; `nil` stores nothing.
    let directory: String?
    let language: String

    /// Reads the stored catalogue of a model; `nil` if none is stored or it cannot be read.
    ///
    /// - Parameter model: the first three characters of the serial number.
    func read(_ model: String) -> Kept? {
        guard let path = path(of: model), let version = FileStamp(of: path), let texts = Self.read(path, language)
        else {
            return nil
        }
        return Kept(texts: texts, time: version.time)
    }

    /// Reads a catalogue from any file; `nil` if the file is not a catalogue in `language`.
    static func read(_ path: String, _ language: String) -> FaultTexts? {
        guard let bytes = try? FileReading.bytes(of: path, limit: FaultTexts.sizeLimit),
            case .texts(let texts) = FaultTexts.read(bytes, language: language)
        else { return nil }
        return texts
    }

    /// Stores a catalogue as it was fetched.
    func write(_ body: [UInt8], of model: String) throws {
        guard let path = path(of: model) else { return }
        try AtomicFile.write(body, to: path)
    }

    /// Marks the stored catalogue as still current, by its modification time.
    func confirm(_ model: String) {
        guard let path = path(of: model) else { return }
        utimes(path, nil)
    }

    private func path(of model: String) -> String? {
        directory.map { "\($0)/fault-texts-\(language)-\(model).json" }
    }
}
