import Glibc
package import Platform

/// Why listening on an address failed. Each case carries the address as configured.
package enum ListenError: Error, Equatable {
    /// The address has no colon.
    case noPort(String)
    /// The text after the last colon is not a port.
    case badPort(String)
    /// An IPv6 address without brackets, so that its last group is ambiguous.
    case noBrackets(String)
    /// The text before the port is not an IP address.
    case noAddress(String)
    /// The system refused to bind the address or to listen on it.
    case refused(String, SystemError)
}

extension ListenError: CustomStringConvertible {
    /// The address, the problem and the remedy.
    package var description: String {
        switch self {
        case .noPort(let text):
            "\(text) has no port; write an address and a port, such as :10883 or 127.0.0.1:10883"
        case .badPort(let text):
            "\(text) does not end in a port from 0 to 65535 (0 takes any free one)"
        case .noBrackets(let text):
            "\(text) is ambiguous; write IPv6 addresses in brackets, such as [::1]:10883"
        case .noAddress(let text):
            "\(text) does not begin with an IP address; write :10883 for every interface, or 127.0.0.1:10883"
        case .refused(let text, let error):
            "cannot listen on \(text): \(Self.reason(of: error))"
        }
    }

    private static func reason(of error: SystemError) -> String {
        switch error.code {
        case EADDRINUSE: "the port is in use; stop the other program or choose another port"
        case EACCES, EPERM: "permission denied; choose a port from 1024 up, or grant CAP_NET_BIND_SERVICE"
        case EADDRNOTAVAIL: "no interface of this machine has that address"
        default: "\(error)"
        }
    }
}
