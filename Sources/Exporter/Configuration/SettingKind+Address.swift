import Platform

extension SettingKind where Value == String {
    static var host: Self {
        text.checked { host in
            guard !host.contains("/"), !host.contains(where: \.isWhitespace) else {
                return "expected a name or an IP address, found a URL. Remove the scheme and the path"
            }
            let numeric = String(host.prefix { $0 != "%" })
            guard host.contains(":"), (try? SocketAddress(numeric: numeric, port: 0)) == nil else { return nil }
            return "expected a name or an IP address without port and brackets. The port has its own key"
        }
    }

    /// An `https` URL, or `http` on this machine.
    static var url: Self {
        text.checked { text in
            let example = "expected a URL such as https://api.bambulab.com"
            guard let url = WebURL(text) else { return example }
            guard url.isSecure || SocketAddress.isLoopback(url.host) else {
                return "http is not encrypted and only allowed for addresses of this machine; \(example)"
            }
            return url.hasUser || url.hasQuery || url.hasFragment ? "remove user, query and fragment; \(example)" : nil
        }
    }
}
