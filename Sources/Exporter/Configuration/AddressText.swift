import FoundationEssentials
import Reactor

/// The rules for hosts and URLs in a configuration.
enum AddressText {
    /// Returns what is wrong with a host, which is a name or an address alone; `nil` if nothing is.
    static func problem(inHost host: String) -> String? {
        let numeric = host.prefix { $0 != "%" }
        guard !host.contains("/"), !host.contains(where: \.isWhitespace) else {
            return "expected a name or an address, found a URL; leave out scheme and path"
        }
        guard host.contains(":"), (try? SocketAddress(numeric: String(numeric), port: 0)) == nil else { return nil }
        return
            "expected a name or an address without a port; the port has its own key, and IPv6 addresses have no brackets here"
    }

    /// Returns what is wrong with a URL that requests go to; `nil` if nothing is.
    static func problem(inURL text: String) -> String? {
        let example = "expected a URL such as https://api.bambulab.com"
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), url.host() != nil else {
            return example
        }
        guard ["https", "http"].contains(scheme) else { return example }
        guard scheme == "https" || SocketAddress.isLoopback(url.host() ?? "") else {
            return
                "http is allowed only for addresses of this machine, since what is sent can be read on the way; \(example)"
        }
        return url.user() == nil && url.query() == nil && url.fragment() == nil
            ? nil : "leave out user, query and fragment; \(example)"
    }
}
