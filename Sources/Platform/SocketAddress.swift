package import Glibc

/// An IP address and a port, in the kernel's representation.
package struct SocketAddress: Sendable, Equatable {
    /// Why a text is not an IP address.
    package struct Unusable: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    private var storage: [UInt8]
    package let family: Int32

    private init(copying address: UnsafePointer<sockaddr>, length: Int) {
        storage = Array(UnsafeRawBufferPointer(start: address, count: length))
        family = Int32(address.pointee.sa_family)
    }

    /// Parses a numeric `host` such as `192.168.1.50` or `fe80::1%eth0`, without a name lookup.
    package init(numeric host: String, port: UInt16) throws(Unusable) {
        guard let address = Self.resolve(host, port: port, flags: AI_NUMERICHOST).first else {
            throw Unusable(description: "\(host) is not an IP address")
        }
        self = address
    }

    /// Looks up `host` with the system's resolver, which blocks until the name servers respond or time out.
    ///
    /// - Returns: All addresses in order of preference; empty if the lookup failed.
    package static func resolve(_ host: String, port: UInt16, flags: Int32 = 0) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = flags | AI_NUMERICSERV
        var head: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &head) == 0 else { return [] }
        defer { freeaddrinfo(head) }
        var found: [SocketAddress] = []
        var entry = head
        while let info = entry?.pointee {
            if let address = info.ai_addr {
                found.append(SocketAddress(copying: address, length: Int(info.ai_addrlen)))
            }
            entry = info.ai_next
        }
        return found
    }

    /// The local address of a bound socket; `nil` if the kernel does not report it.
    package init?(boundTo descriptor: Int32) {
        self.init { getsockname(descriptor, $0, $1) }
    }

    /// The remote address of a connected socket; `nil` if the connection is gone.
    package init?(peerOf descriptor: Int32) {
        self.init { getpeername(descriptor, $0, $1) }
    }

    /// The address that a system call writes; `nil` if the call does not return 0.
    package init?(from read: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let copied = withUnsafeMutablePointer(to: &address) { pointer -> SocketAddress? in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard read(address, &length) == 0 else { return nil }
                return SocketAddress(copying: address, length: Int(length))
            }
        }
        guard let copied else { return nil }
        self = copied
    }

    package func at(port: UInt16) -> SocketAddress {
        var copy = self
        guard copy.storage.count >= 4 else { return copy }
        // The port follows the family, in both `sockaddr_in` and `sockaddr_in6`.
        copy.storage.replaceSubrange(2..<4, with: [UInt8(port >> 8), UInt8(port & 0xFF)])
        return copy
    }

    /// Calls `body` with a pointer for a system call, valid during the call.
    package func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result? {
        storage.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return nil }
            return base.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(bytes.count)) }
        }
    }

    private func nameInfo() -> (host: String, port: UInt16) {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var service = [CChar](repeating: 0, count: 32)
        let code = withPointer { address, length in
            getnameinfo(
                address, length, &host, socklen_t(host.count), &service, socklen_t(service.count),
                NI_NUMERICHOST | NI_NUMERICSERV)
        }
        guard code == 0 else { return ("", 0) }
        let text = { (buffer: [CChar]) in
            String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return (text(host), UInt16(text(service)) ?? 0)
    }

    /// The address without its port, such as `192.168.1.50`.
    package var host: String { nameInfo().host }

    package var port: UInt16 { nameInfo().port }

    /// Address and port, such as `192.168.1.50:8883` or `[::1]:8883`.
    package var text: String {
        let (host, port) = nameInfo()
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
