import FoundationEssentials
import Platform

/// The rules for hosts and URLs in a configuration.
enum AddressText {
    /// Returns what is wrong with a host, which must be a name or an address; `nil` if it is valid.
    static func problem(inHost host: String) -> String? {
        let numeric = host.prefix { $0 != "%" }
        guard !host.contains("/"), !host.contains(where: \.isWhitespace) else {
            return "expected a name or an IP address, found a URL. Remove the scheme and the path"
        }
        guard host.contains(":"), (try? SocketAddress(numeric: String(numeric), port: 0)) == nil else { return nil }
        return
            "expected a name or an IP address without port and brackets. The port has its own key"
    }

    /// Returns what is wrong with a URL; `nil` if it is valid.
    static func problem(inURL text: String) -> String? {
        let example = "expected a URL such as https://api.bambulab.com"
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), url.host() != nil else {
            return example
        }
        guard ["https", "http"].contains(scheme) else { return example }
        guard scheme == "https" || SocketAddress.isLoopback(url.host() ?? "") else {
            return
                "http is not encrypted and only allowed for addresses of this machine; \(example)"
        }
        return url.user() == nil && url.query() == nil && url.fragment() == nil
            ? nil : "remove user, query and fragment; \(example)"
    }
}
