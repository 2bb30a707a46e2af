import Foundation
import Platform

/// A minimal HTTP client, so that tests see the bytes as sent.
enum Loopback {
    static func request(
        _ method: String, _ path: String, host: String, headers: [String: String] = [:]
    ) throws -> (status: Int, body: String) {
        let parts = host.split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1]) else {
            throw RunningExporter.Failure(description: "invalid address: \(host)")
        }
        let address = try SocketAddress(numeric: String(parts[0]), port: port)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard address.withPointer({ connect(descriptor, $0, $1) }) == 0 else {
            throw SystemError(errno, "connect")
        }
        var head = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        let bytes = Array((head + "\r\n").utf8)
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw SystemError(errno, "send")
        }
        var response: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            response += chunk.prefix(count)
        }
        let text = String(decoding: response, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n"), let status = text.split(separator: " ").dropFirst().first else {
            throw RunningExporter.Failure(description: "no response to \(path)")
        }
        return (Int(status) ?? 0, String(text[end.upperBound...]))
    }
}
