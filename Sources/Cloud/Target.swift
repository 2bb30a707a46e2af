import Platform

/// The URL of a request, with its host and port.
struct Target {
    let url: String
    let host: String
    let port: UInt16
    /// Whether the request uses plain HTTP, which is only permitted to this machine.
    let isPlain: Bool

    init(_ request: CloudRequest, _ hosts: CloudClient.Hosts) throws(CloudFailure) {
        let query = request.query.sorted { $0.key < $1.key }.map { "\($0.key.queryEscaped)=\($0.value.queryEscaped)" }
        url =
            (request.host == .api ? hosts.api : hosts.site) + request.path
            + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        guard let parsed = WebURL(url) else { throw CloudFailure(.network, "the URL is invalid") }
        guard parsed.isSecure || SocketAddress.isLoopback(parsed.host) else {
            throw CloudFailure(.network, "the URL must be https, since its host is not this machine")
        }
        host = parsed.host
        port = parsed.port
        isPlain = !parsed.isSecure
    }
}
