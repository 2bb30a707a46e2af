import Glibc
import Platform

extension ListeningSocket {
    /// Binds the first of the candidates of `wanted` that is available.
    static func open(_ wanted: ListenAddress) throws(ListenError) -> ListeningSocket {
        var failure = SystemError(EADDRNOTAVAIL, "bind")
        for candidate in wanted.candidates {
            do throws(SystemError) {
                return try open(candidate)
            } catch {
                failure = error
                // The next candidate is worth a try only on a machine without IPv6.
                guard [EAFNOSUPPORT, EADDRNOTAVAIL].contains(error.code) else { break }
            }
        }
        throw .refused(wanted.text, failure)
    }
}
