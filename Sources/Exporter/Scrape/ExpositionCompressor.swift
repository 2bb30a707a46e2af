import HTTP
import Platform

/// Compresses expositions, and keeps the part of the printers while no printer changes.
///
/// A second server that scrapes at the same time, or a printer that is off, costs no compression.
final class ExpositionCompressor: Sendable {
    /// Responses below this size, in bytes, become larger with gzip.
    private static let smallest = 1024

    private let gzip = Gzip()
    private let trimmer = MallocTrimmer()
    private let last = Locked<(version: Exposition.Version, head: GzipPart)?>(nil)

    /// Returns the body in gzip format; `nil` if it should be sent uncompressed.
    ///
    /// - Parameter isKept: whether the part of the printers is kept for the next call.
    func body(of exposition: Exposition, isKept: Bool) -> [UInt8]? {
        guard let head = head(of: exposition, isKept: isKept) else { return nil }
        guard let tail = gzip.compress(exposition.tail), head.count + tail.count >= Self.smallest else { return nil }
        return Gzip.body(of: [head, tail])
    }

    private func head(of exposition: Exposition, isKept: Bool) -> GzipPart? {
        let version = exposition.version
        if isKept, let last = last.withLock({ $0 }), last.version == version { return last.head }
        guard let head = gzip.compress(exposition.head) else { return nil }
        trimmer.trim(afterRendering: head.count, at: Instant.now())
        if isKept { last.withLock { $0 = (version, head) } }
        return head
    }
}
