/// Why listening on an address failed: the address as configured, the problem and the remedy.
package struct ListenError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
