import Testing

@testable import Platform

@Suite("SocketAddress")
struct SocketAddressTests {
    @Test(arguments: ["192.0.2.7", "2001:db8::7", "fe80::7%lo"])
    func `changes only the port`(host: String) throws {
        let address = try SocketAddress(numeric: host, port: 8883)
        #expect(address.at(port: 322) == (try SocketAddress(numeric: host, port: 322)))
        #expect(address.at(port: 322).host == host && address.at(port: 322).port == 322)
    }
}
