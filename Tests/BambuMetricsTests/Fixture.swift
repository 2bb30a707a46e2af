import BambuProtocol
import Foundation
import Testing

@testable import BambuMetrics
@testable import OpenMetrics

/// Messages of one printer in order of arrival, and the exposition that they must produce.
///
/// The first line of `NAME.jsonl` describes the printer: `{"serial":…}`, the camera if it is probed, and `faultTexts`,
/// the answer of the maker's catalogue, if there is one. Every other line is a message as it arrived. `NAME.prom` is
/// the result of a scrape. `UPDATE_GOLDEN=1` rewrites it and fails the test, so that a rewrite does not count as a
/// pass.
struct Fixture: CustomTestStringConvertible {
    let url: URL

    /// The folder of all fixtures in this repository.
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    static let all: [Fixture] = {
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "jsonl" }.sorted { $0.path < $1.path }.map(Fixture.init)
    }()

    static let isUpdating = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"

    var testDescription: String { name }
    var name: String { url.deletingPathExtension().lastPathComponent }
    var golden: URL { url.deletingPathExtension().appendingPathExtension("prom") }

    private struct About: Decodable {
        let serial: String
        /// The results of camera probes; without them the camera is not probed.
        let camera: Camera?
    }

    private struct Camera: Decodable {
        let `protocol`: String
        let width: Int
        let height: Int
        let framesPerSecond: Double
        let frameBytes: Double
        let isFrozen: Bool?
        let frames: Int
        let lastFrame: Double

        var reading: CameraReading {
            var picture = CameraReading.Picture(cameraProtocol: CameraProtocol(rawValue: `protocol`) ?? .jpeg)
            picture.width = width
            picture.height = height
            picture.framesPerSecond = framesPerSecond
            picture.frameBytes = frameBytes
            picture.isFrozen = isFrozen
            var reading = CameraReading()
            reading.probes = 2
            reading.failures = [.busy: 1]
            reading.frames = frames
            reading.isUp = true
            reading.lastFrame = lastFrame
            reading.picture = picture
            return reading
        }
    }

    private func lines() throws -> [[UInt8]] {
        try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { Array($0.utf8) }
    }

    private func about() throws -> About {
        try JSONDecoder().decode(About.self, from: Data(try lines().first ?? []))
    }

    private func faultTexts() throws -> FaultTexts? {
        let about = try JSONSerialization.jsonObject(with: Data(try lines().first ?? [])) as? [String: Any]
        guard let answer = about?["faultTexts"] else { return nil }
        let body = Array(try JSONSerialization.data(withJSONObject: answer))
        guard case .texts(let texts) = FaultTexts.read(body, language: "en") else { return nil }
        return texts
    }

    /// Returns the printer's messages, in order of arrival.
    func messages() throws -> ArraySlice<[UInt8]> {
        try lines().dropFirst()
    }

    /// Returns the printer after all of its messages, which arrive a second apart from `time`.
    func printer(from time: Double = 1_700_000_000) throws -> Printer {
        var printer = Printer(serial: try about().serial)
        for (second, message) in try messages().enumerated() {
            _ = printer.apply(message, at: time + Double(second))
        }
        return printer
    }

    /// Returns the snapshot of a scrape after all messages.
    func snapshot() throws -> PrinterSnapshot {
        var snapshot = PrinterSnapshot.up(try printer(), name: name)
        snapshot.camera = try about().camera?.reading
        snapshot.faultTexts = try faultTexts()
        return snapshot
    }

    func exposition(in format: ExpositionFormat = .openMetrics) throws -> String {
        String(decoding: Exposition.of([try snapshot()], in: format), as: UTF8.self)
    }
}

extension PrinterSnapshot {
    /// Returns the snapshot of a printer on the LAN whose reports arrive.
    static func up(_ printer: Printer, name: String = "p") -> PrinterSnapshot {
        var link = Link()
        link.isUp = true
        link.isConnected = true
        link.connects = 1
        return PrinterSnapshot(name: name, transport: .lan, link: link, printer: printer)
    }
}

extension Printer {
    mutating func apply(_ bytes: [UInt8], at time: Double) -> MessageOutcome {
        bytes.withUnsafeBytes { apply($0, at: time) }
    }

    /// Creates a printer that received these messages, a second apart.
    init(serial: String = "00M00A000000000", _ messages: String...) {
        self.init(serial: serial)
        for (second, message) in messages.enumerated() {
            _ = apply(Array(message.utf8), at: 1_700_000_000 + Double(second))
        }
    }
}

enum Exposition {
    static func of(_ printers: [PrinterSnapshot], in format: ExpositionFormat) -> [UInt8] {
        var body: [UInt8] = []
        Catalogue.printerSchema.assemble(printers.map(Catalogue.printer.block), in: format, into: &body)
        Schema.finish(&body, in: format)
        return body
    }
}
