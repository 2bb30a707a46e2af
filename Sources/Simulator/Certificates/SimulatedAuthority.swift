import Glibc

/// The authority that signs the simulated printers' certificates, in place of Bambu Lab's.
package final class SimulatedAuthority: Sendable {
    /// How a printer's certificate is to differ from what it should be.
    package struct Leaf: Sendable, Hashable {
        /// The common name; the serial on a real printer.
        package var commonName: String
        /// The certificate's number: another one makes another leaf, with another fingerprint.
        package var number: Int
        /// Seconds from the authority's birth to the end of its validity; negative for one that has ended.
        package var validFor: Int
        /// What it is for besides, as `DNS:localhost`; none on a printer's.
        package var hosts: [String] = []

        /// - Parameter validFor: ten years, as real leaves have.
        package init(commonName: String, number: Int = 1, validFor: Int = 315_360_000) {
            self.commonName = commonName
            self.number = number
            self.validFor = validFor
        }
    }

    private let name: String
    private let key: PrivateKey
    private let born: Int
    package let certificate: Certificate

    /// - Parameters:
    ///   - key: may be the printers' key too: making one is slow, and nothing here is secret.
    ///   - born: seconds since 1970; the same key and the same birth make the same certificates, byte by byte.
    package init(
        name: String = "Simulated Printer CA", key: PrivateKey, born: Int = time(nil)
    ) throws(SimulatorError) {
        self.name = name
        self.key = key
        self.born = born
        certificate = try Certificate(
            .init(name: name, issuer: name, number: 1, origin: born, end: 20 * 31_536_000, isAuthority: true), key: key,
            signer: key)
    }

    /// A printer's certificate for `key`.
    package func issue(_ leaf: Leaf, for key: PrivateKey) throws(SimulatorError) -> Certificate {
        try Certificate(
            .init(
                name: leaf.commonName, issuer: name, number: leaf.number, origin: born,
                start: min(-86_400, leaf.validFor - 86_400), end: leaf.validFor, isAuthority: false,
                hosts: leaf.hosts),
            key: key, signer: self.key)
    }
}
