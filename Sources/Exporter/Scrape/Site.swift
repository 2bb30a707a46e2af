import Platform

/// The prefixes of the listener's paths.
///
/// `--web.route-prefix` applies to the listener itself, `--web.external-url` to the clients of a proxy.
struct Site: Sendable, Equatable {
    /// The scheme and host of the external URL.
    struct Origin: Sendable, Equatable {
        let scheme: String
        /// Host and port, as in a `Host` field.
        let host: String
    }

    /// The origin of the external URL; `nil` without one: then the listener's scheme and the request's host apply.
    private(set) var origin: Origin?
    /// The prefix of paths in links to clients; "" or a path such as `/bambu`.
    private(set) var externalPath = ""
    /// The prefix of every path that the listener serves; "" or a path such as `/bambu`.
    private(set) var routePrefix = ""

    /// - Parameters:
    ///   - external: the external URL; `nil` if none is set.
    ///   - routePrefix: the prefix on the listener; `nil` for the path of the external URL.
    init(external: ExternalURL? = nil, routePrefix: String? = nil) {
        origin = external?.origin
        self.routePrefix = routePrefix ?? external?.path ?? ""
        externalPath = external?.path ?? self.routePrefix
    }

    /// Removes the route prefix from a path; `nil` if the path is outside of the prefix.
    func route(_ path: String) -> String? {
        guard !routePrefix.isEmpty else { return path }
        guard path.hasPrefix(routePrefix + "/") else { return nil }
        return String(path.dropFirst(routePrefix.count))
    }

    /// Returns where to redirect a `path` outside of the prefix; `nil` if the path is not served.
    func redirect(from path: String) -> String? {
        guard path == "/" || path == routePrefix else { return nil }
        return (origin.map { "\($0.scheme)://\($0.host)" } ?? "") + externalPath + "/"
    }

    /// Whether a path is a health endpoint, which needs no credentials and is exempt from limits.
    func isHealth(_ path: String) -> Bool {
        ["/-/healthy", "/-/ready"].contains(route(path))
    }
}

/// The value of `--web.external-url`: a scheme, a host and an optional path.
struct ExternalURL: Sendable, Equatable {
    let origin: Site.Origin
    /// The path without a trailing slash.
    let path: String

    /// Parses a URL; `nil` if it has another scheme, no host, or a user, query or fragment.
    init?(_ text: String) {
        guard let url = WebURL(text), !url.hasUser, !url.hasQuery, !url.hasFragment, let path = Self.path(url.path)
        else { return nil }
        origin = Site.Origin(scheme: url.scheme, host: url.authority)
        self.path = path
    }

    /// Removes trailing slashes from a path, "" for `/`; `nil` if the text is not a path.
    static func path(_ text: String) -> String? {
        var path = text[...]
        while path.hasSuffix("/") { path = path.dropLast() }
        guard path.isEmpty || path.hasPrefix("/"), !path.hasInfix("//"),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"?#%\"<>\\".utf8.contains($0) })
        else { return nil }
        return String(path)
    }
}
