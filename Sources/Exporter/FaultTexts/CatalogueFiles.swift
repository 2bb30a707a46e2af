import BambuProtocol
import Glibc
import Platform

/// The manufacturer's catalogues of fault texts in `state_dir`, one per model. Used on the file worker's thread.
struct CatalogueFiles: Sendable {
    /// A catalogue, and when it was fetched or confirmed, in seconds since 1970.
    typealias Kept = (texts: FaultTexts, time: Double)

    let directory: String
    let language: String

    /// Reads the stored catalogue of a model; `nil` if none is stored or it cannot be read.
    ///
    /// - Parameter model: the first three characters of the serial number.
    func read(_ model: String) -> Kept? {
        let path = path(of: model)
        guard let version = FileStamp(of: path), let texts = Self.read(path, language) else { return nil }
        return (texts, version.time)
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
        try AtomicFile.writePrivate(body, to: path(of: model))
    }

    /// Marks the stored catalogue as still current, by its modification time.
    func confirm(_ model: String) {
        utimes(path(of: model), nil)
    }

    private func path(of model: String) -> String { "\(directory)/fault-texts-\(language)-\(model).json" }
}
