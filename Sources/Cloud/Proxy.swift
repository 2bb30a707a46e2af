import Glibc

/// The HTTP proxy that the environment names.
enum Proxy {
    /// Whether there is one. It looks up the names of hosts, which may be unknown here.
    static var isConfigured: Bool {
        let names: [String] = ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"]
        return names.contains { name in
            getenv(name).map { $0.pointee != 0 } ?? false
        }
    }
}
