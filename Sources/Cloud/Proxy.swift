import Glibc

/// The HTTP proxy of the environment.
enum Proxy {
    /// Whether a proxy is configured. It looks up the host names of requests, which this machine may be unable to
    /// resolve.
    static var isConfigured: Bool {
        let names: [String] = ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"]
        return names.contains { name in
            getenv(name).map { $0.pointee != 0 } ?? false
        }
    }
}
