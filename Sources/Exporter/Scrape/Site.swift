import FoundationEssentials

/// Where the listener's paths are: behind `--web.route-prefix` on the listener itself, and behind `--web.external-url` for
/// clients of a proxy.
struct Site: Sendable, Equatable {
    /// The scheme and host of the external URL.
    struct Origin: Sendable, Equatable {
        let scheme: String
        /// Host and port, as in a `Host` field.
        let host: String
    }

    /// `nil` without an external URL: clients then use the listener's scheme and the host of their request.
    private(set) var origin: Origin?
    /// In front of every path that clients are told; "" or such as `/bambu`.
    private(set) var externalPath = ""
    /// In front of every path that the listener serves; "" or such as `/bambu`.
    private(set) var routePrefix = ""

    /// - Parameters:
    ///   - external: the external URL, if one is given.
    ///   - routePrefix: the path of the external URL when it is left out.
    init(external: ExternalURL? = nil, routePrefix: String? = nil) {
        origin = external?.origin
        self.routePrefix = routePrefix ?? external?.path ?? ""
        externalPath = external?.path ?? self.routePrefix
    }

    /// A path of the listener without its prefix; `nil` when it is outside of the prefix.
    func route(_ path: String) -> String? {
        guard !routePrefix.isEmpty else { return path }
        guard path.hasPrefix(routePrefix + "/") else { return nil }
        return String(path.dropFirst(routePrefix.count))
    }

    /// Where a request for `path`, which is outside of the prefix, is sent; `nil` for a path that is not served.
    func redirect(from path: String) -> String? {
        guard path == "/" || path == routePrefix else { return nil }
        return (origin.map { "\($0.scheme)://\($0.host)" } ?? "") + externalPath + "/"
    }

    /// Whether a path needs no credentials and is answered whatever else is: a question about the process' health.
    func isHealth(_ path: String) -> Bool {
        ["/-/healthy", "/-/ready"].contains(route(path))
    }
}

/// What `--web.external-url` takes: a scheme, a host, and a path if there is one.
struct ExternalURL: Sendable, Equatable {
    let origin: Site.Origin
    /// Without a slash at its end.
    let path: String

    /// `nil` for anything else.
    init?(_ text: String) {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = url.host(), !host.isEmpty, url.user() == nil, url.query() == nil, url.fragment() == nil,
            let path = Self.path(url.path())
        else { return nil }
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        origin = Site.Origin(scheme: scheme, host: url.port.map { "\(name):\($0)" } ?? name)
        self.path = path
    }

    /// A path without the slash at its end, "" for `/`; `nil` for what is no path.
    static func path(_ text: String) -> String? {
        var path = text[...]
        while path.hasSuffix("/") { path = path.dropLast() }
        guard path.isEmpty || path.hasPrefix("/"), !path.contains("//"),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"?#%\"<>\\".utf8.contains($0) })
        else { return nil }
        return String(path)
    }
}
