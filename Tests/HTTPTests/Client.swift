import Glibc
import Platform
import Testing

@testable import HTTP

/// A blocking HTTP client that a test drives step by step. A wait of 30 seconds fails the test.
final class Client {
    struct Answer {
        let status: Int
        let headers: Headers
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let descriptor: Int32
    private var received: [UInt8] = []
    private var read = 0

    /// - Parameters:
    ///   - receiveBuffer: The size of the kernel's receive buffer; a small one makes a slow reader.
    ///   - host: The local address to connect from.
    init(_ address: SocketAddress, receiveBuffer: Int32? = nil, from host: String? = nil) throws {
        descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        if var receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        if let host {
            let own = try SocketAddress(numeric: host, port: 0)
            try #require(own.withPointer { bind(descriptor, $0, $1) } == 0)
        }
        let connected = address.withPointer { connect(descriptor, $0, $1) }
        guard connected == 0 else { throw SystemError(errno, "connect") }
    }

    deinit {
        close(descriptor)
    }

    /// - Returns: Whether all bytes were sent.
    @discardableResult
    func send(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Sends as much of `text` as the socket accepts without blocking, and returns the number of bytes.
    func sendWhatFits(_ text: String) -> Int {
        let bytes = Array(text.utf8)
        return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    }

    func get(_ path: String = "/", method: String = "GET", headers: String = "") throws -> Answer {
        send("\(method) \(path) HTTP/1.1\r\nHost: test\r\n\(headers)\r\n")
        return try answer(hasBody: method != "HEAD")
    }

    /// Closes the sending side.
    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Reads the next response.
    func answer(hasBody: Bool = true) throws -> Answer {
        let head = try head()
        let length = try #require(head.headers["Content-Length"].flatMap { Int($0) })
        let body = try take(hasBody ? length : 0)
        return Answer(status: head.status, headers: head.headers, body: body)
    }

    /// Reads the status line and header fields of the next response.
    func head() throws -> Answer {
        var lines: [String] = []
        while true {
            let line = try line()
            if line.isEmpty { break }
            lines.append(line)
        }
        let status = try #require(lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        var headers = Headers()
        for line in lines.dropFirst() {
            let colon = try #require(line.firstIndex(of: ":"))
            headers.append(String(line[..<colon]), String(line[colon...].dropFirst(2)))
        }
        return Answer(status: status, headers: headers, body: [])
    }

    /// Reads `count` bytes of a body whose header was read.
    func rest(of count: Int) throws -> [UInt8] {
        try take(count)
    }

    private func line() throws -> String {
        while true {
            if let end = received[read...].firstIndex(of: 10) {
                defer { read = end + 1 }
                return String(decoding: received[read..<end].filter { $0 != 13 }, as: UTF8.self)
            }
            try #require(receive(1024) > 0, "the connection ended within a header")
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while received.count - read < count { try #require(receive(1 << 20) > 0, "the connection ended within a body") }
        defer {
            received.removeSubrange(..<(read + count))
            read = 0
        }
        return Array(received[read..<(read + count)])
    }

    private func receive(_ size: Int) -> Int {
        var buffer = [UInt8](repeating: 0, count: size)
        let count = recv(descriptor, &buffer, size, 0)
        if count > 0 { received.append(contentsOf: buffer.prefix(count)) }
        return count
    }

    /// Waits for the server to close the connection. Returns false if it sent bytes instead.
    func isEnded() -> Bool {
        read == received.count && receive(1) == 0
    }

    /// Waits for the server to reset the connection, without reading.
    func isReset() -> Bool {
        var request = pollfd(fd: descriptor, events: 0, revents: 0)
        return poll(&request, 1, 10_000) == 1 && Int32(request.revents) & Int32(POLLERR) != 0
    }

    /// Whether the server sends bytes or closes the connection within `milliseconds`.
    func isReadable(within milliseconds: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, milliseconds) == 1
    }
}
