import FoundationEssentials
import Platform

/// The URL of a request, with its host and port.
struct Target {
    let url: String
    let host: String
    let port: UInt16
    /// Whether the request uses plain HTTP, which is only permitted to this machine.
    let isPlain: Bool

    init(_ request: CloudRequest, _ hosts: CloudClient.Hosts) throws(CloudFailure) {
        var components = URLComponents(string: (request.host == .api ? hosts.api : hosts.site) + request.path)
        if !request.query.isEmpty {
            components?.queryItems = request.query.sorted { $0.key < $1.key }.map {
                URLQueryItem(name: $0.key, value: $0.value)
            }
        }
        guard let components, let url = components.url?.absoluteString, let scheme = components.scheme?.lowercased(),
            let name = components.host, !name.isEmpty,
            let port = UInt16(exactly: components.port ?? Self.port(of: scheme))
        else { throw CloudFailure(.network, "the URL is invalid") }
        host = name.hasPrefix("[") && name.hasSuffix("]") ? String(name.dropFirst().dropLast()) : name
        isPlain = scheme == "http"
        guard scheme == "https" || isPlain && SocketAddress.isLoopback(host) else {
            throw CloudFailure(.network, "the URL must be https, since its host is not this machine")
        }
        self.url = url
        self.port = port
    }

    private static func port(of scheme: String) -> Int { scheme == "http" ? 80 : 443 }
}
