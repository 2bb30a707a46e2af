import Glibc
import Platform

/// Lists the printers that announce themselves in this network, by SSDP on 239.255.255.250.
struct Discovery {
    /// The ports that printers announce themselves on.
    private static let ports: [UInt16] = [2021, 1990]
    private static let group = "239.255.255.250"

    let timeout: Duration

    /// Listens and prints the printers that it finds.
    ///
    /// - Returns: 0 if a printer was found, otherwise 1.
    /// - Throws: `SystemError` if none of the ports can be opened.
    func run(_ show: (String) -> Void) throws -> Int32 {
        let sockets = try Self.openSockets()
        defer { for socket in sockets { close(socket) } }
        show("Listening for printers for \(DurationText.text(of: timeout))...\n")
        let found = listen(on: sockets) { printer in
            show(
                "\(printer.name)  \(printer.model)  \(printer.serial)  \(printer.host)  firmware \(printer.firmware)\n")
        }
        guard !found.isEmpty else {
            show(
                """
                No printer found. Printers announce themselves every few seconds, within their own network only. Check \
                that this machine is in the same network and that the firewall allows UDP \
                \(Self.ports.map(String.init).joined(separator: " and ")). You can also configure a \
                printer that is not found.

                """)
            return 1
        }
        show(
            """
            \nAdd this to the configuration. The access code is on each printer's screen, in the network settings:\n\n
            """)
        show("{\n  printers: [\n\(found.map(\.configuration).joined(separator: "\n"))\n  ],\n}\n")
        return 0
    }

    private func listen(on sockets: [Int32], _ onPrinter: (Announcement) -> Void) -> [Announcement] {
        var found: [Announcement] = []
        let end = Instant.now() + timeout
        var buffer = [UInt8](repeating: 0, count: Announcement.limit)
        while true {
            let left = (end - Instant.now()).nanoseconds / 1_000_000
            // More printers than any network has: bounds the cost of a flood of announcements.
            guard left > 0, found.count < 10_000 else { return found }
            var polls = sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&polls, nfds_t(polls.count), Int32(clamping: left)) > 0 else { continue }
            for ready in polls where ready.revents != 0 {
                guard let (packet, sender) = Self.receive(ready.fd, &buffer) else { continue }
                guard let printer = Announcement(packet, from: sender),
                    !found.contains(where: { $0.serial == printer.serial })
                else { continue }
                found.append(printer)
                onPrinter(printer)
            }
        }
    }

    private static func receive(_ socket: Int32, _ buffer: inout [UInt8]) -> (packet: [UInt8], sender: String)? {
        var count = 0
        let sender = SocketAddress { address, length in
            count = recvfrom(socket, &buffer, buffer.count, 0, address, length)
            return count > 0 ? 0 : -1
        }
        return sender.map { (Array(buffer.prefix(count)), $0.host) }
    }

    private static func openSockets() throws -> [Int32] {
        let results = ports.map { port in Result { try open(port) } }
        let sockets = results.compactMap { try? $0.get() }
        if sockets.isEmpty { _ = try results.last?.get() }
        return sockets
    }

    private static func open(_ port: UInt16) throws -> Int32 {
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { throw SystemError(errno, "socket") }
        // The manufacturer's programs listen on these ports too.
        var one: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &one, size)
        do {
            let address = try SocketAddress(numeric: "0.0.0.0", port: port)
            guard address.withPointer({ bind(descriptor, $0, $1) }) == 0 else {
                throw SystemError(errno, "listening on UDP port \(port)")
            }
        } catch {
            close(descriptor)
            throw error
        }
        join(descriptor)
        return descriptor
    }

    /// Joins the multicast group on every interface. If that fails, broadcasts and packets to this machine still
    /// arrive.
    private static func join(_ descriptor: Int32) {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return }
        defer { freeifaddrs(list) }
        var entry = list
        while let interface = entry?.pointee {
            entry = interface.ifa_next
            guard let address = interface.ifa_addr, address.pointee.sa_family == sa_family_t(AF_INET) else { continue }
            var request = ip_mreq()
            request.imr_interface = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_addr }
            inet_pton(AF_INET, group, &request.imr_multiaddr)
            setsockopt(
                descriptor, Int32(IPPROTO_IP), IP_ADD_MEMBERSHIP, &request, socklen_t(MemoryLayout<ip_mreq>.size))
        }
    }
}
