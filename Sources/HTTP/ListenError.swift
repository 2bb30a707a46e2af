import Glibc
package import Reactor

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
    /// The port is in use.
    case inUse(String)
    /// The process is not permitted to listen there.
    case forbidden(String)
    /// No interface of this machine has the address.
    case notHere(String)
    /// Any other error of the system.
    case refused(String, SystemError)

    /// Maps a failed system call on the address `text`.
    init(_ text: String, _ error: SystemError) {
        self =
            switch error.code {
            case EADDRINUSE: .inUse(text)
            case EACCES, EPERM: .forbidden(text)
            case EADDRNOTAVAIL: .notHere(text)
            default: .refused(text, error)
            }
    }
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
        case .inUse(let text):
            "cannot listen on \(text): the port is in use; stop the other program or choose another port"
        case .forbidden(let text):
            "cannot listen on \(text): permission denied; choose a port from 1024 up, or grant CAP_NET_BIND_SERVICE"
        case .notHere(let text):
            "cannot listen on \(text): no interface of this machine has that address"
        case .refused(let text, let error):
            "cannot listen on \(text): \(error)"
        }
    }
}
