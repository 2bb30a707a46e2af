import COpenSSL
import Glibc

/// An X.509 certificate.
package final class Certificate: Sendable {
    /// The content of a certificate.
    struct Content: Sendable {
        var name: String
        var issuer: String
        var number: Int
        /// The time in seconds since 1970 to which `start` and `end` are relative.
        var origin: Int
        /// The start of its validity in seconds; negative before `origin`.
        var start = -86_400
        var end: Int
        var isAuthority: Bool
        /// The subject alternative names, such as `DNS:localhost` or `IP:127.0.0.1`; a printer's certificate has none.
        var hosts: [String] = []
    }

    /// An `X509`. Sendable, because it does not change after `init`.
    private struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private let handle: Handle

    /// Creates a certificate for `key`, signed by `signer`.
    init(_ content: Content, key: PrivateKey, signer: PrivateKey) throws(SimulatorError) {
        guard let certificate = X509_new() else { throw .openSSL(operation: "X509_new") }
        handle = Handle(pointer: certificate)
        // The leaves of X1, P1 and A1 are X.509 version 1: no extensions, so no subjectAltName.
        X509_set_version(certificate, content.isAuthority || !content.hosts.isEmpty ? 2 : 0)
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), content.number)
        var origin = time_t(content.origin)
        X509_time_adj(X509_getm_notBefore(certificate), content.start, &origin)
        X509_time_adj(X509_getm_notAfter(certificate), content.end, &origin)
        X509_set_pubkey(certificate, key.pointer)
        try Self.setName(X509_get_subject_name(certificate), to: content.name)
        try Self.setName(X509_get_issuer_name(certificate), to: content.issuer)
        if content.isAuthority {
            guard let constraint = X509V3_EXT_conf_nid(nil, nil, NID_basic_constraints, "critical,CA:TRUE") else {
                throw .openSSL(operation: "X509V3_EXT_conf_nid")
            }
            defer { X509_EXTENSION_free(constraint) }
            X509_add_ext(certificate, constraint, -1)
        }
        if !content.hosts.isEmpty {
            let names = content.hosts.joined(separator: ",")
            guard let extended = X509V3_EXT_conf_nid(nil, nil, NID_subject_alt_name, names) else {
                throw .openSSL(operation: "X509V3_EXT_conf_nid")
            }
            defer { X509_EXTENSION_free(extended) }
            X509_add_ext(certificate, extended, -1)
        }
        guard X509_sign(certificate, signer.pointer, EVP_sha256()) > 0 else { throw .openSSL(operation: "X509_sign") }
    }

    deinit {
        X509_free(handle.pointer)
    }

    var pointer: OpaquePointer { handle.pointer }

    private static func setName(_ name: OpaquePointer?, to text: String) throws(SimulatorError) {
        let utf8: Int32 = 0x1000  // MBSTRING_UTF8, a macro that Swift does not see
        let bytes = Array(text.utf8)
        guard X509_NAME_add_entry_by_NID(name, NID_commonName, utf8, bytes, Int32(clamping: bytes.count), -1, 0) == 1
        else { throw .openSSL(operation: "X509_NAME_add_entry_by_NID") }
    }

    /// Returns the certificate as PEM.
    package func pem() throws(SimulatorError) -> [UInt8] {
        try MemoryBIO.collect("PEM_write_bio_X509") { PEM_write_bio_X509($0, pointer) }
    }
}
