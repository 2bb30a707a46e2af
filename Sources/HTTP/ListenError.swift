import Glibc
package import Reactor

/// Why an address cannot be listened on. Each case begins with the address as it was given.
package enum ListenError: Error, Equatable {
    /// No colon.
    case noPort(String)
    /// What follows the last colon is no port.
    case badPort(String)
    /// IPv6 without brackets, whose last group may or may not be a port.
    case noBrackets(String)
    /// What stands before the port is neither an IP address nor nothing.
    case noAddress(String)
    /// Another socket listens there.
    case inUse(String)
    /// This process may not listen there.
    case forbidden(String)
    /// The address belongs to another machine.
    case notHere(String)
    /// Anything else that the kernel objects to.
    case refused(String, SystemError)

    /// The words for a system call that failed on the address `text`.
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
    /// What was wanted, what is wrong with it, and what to do.
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
