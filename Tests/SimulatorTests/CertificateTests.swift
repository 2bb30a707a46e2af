import Glibc
import Testing

@testable import COpenSSL
@testable import Simulator

/// A key that all tests of the process share, because creating one is slow.
enum TestKey {
    static let shared = Result { try PrivateKey() }
}

@Suite struct CertificateTests {
    private let key: PrivateKey
    private let authority: SimulatedAuthority

    init() throws {
        key = try TestKey.shared.get()
        authority = try SimulatedAuthority(key: key)
    }

    private func name(of certificate: Certificate) -> String {
        var text = [CChar](repeating: 0, count: 128)
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.pointer), NID_commonName, &text, 128)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    @Test func `a leaf is version 1 with only the serial, signed by the CA`() throws {
        let leaf = try authority.issue(.init(commonName: "01P00A900000001"), for: key)
        #expect(X509_get_version(leaf.pointer) == 0)
        #expect(X509_get_ext_count(leaf.pointer) == -1 || X509_get_ext_count(leaf.pointer) == 0)
        #expect(name(of: leaf) == "01P00A900000001")
        #expect(X509_verify(leaf.pointer, key.pointer) == 1)
        #expect(EVP_PKEY_get_bits(key.pointer) == 2048)
    }

    @Test func `the authority is a self-signed CA`() {
        #expect(X509_check_ca(authority.certificate.pointer) == 1)
        #expect(X509_verify(authority.certificate.pointer, key.pointer) == 1)
        #expect(X509_check_issued(authority.certificate.pointer, authority.certificate.pointer) == X509_V_OK)
    }

    @Test(arguments: [-3600, 3600, 315_360_000])
    func `a leaf expires at the given time`(seconds: Int) throws {
        let leaf = try authority.issue(.init(commonName: "S", validFor: seconds), for: key)
        var days: Int32 = 0
        var rest: Int32 = 0
        #expect(ASN1_TIME_diff(&days, &rest, nil, X509_get0_notAfter(leaf.pointer)) == 1)
        #expect(abs(Int(days) * 86_400 + Int(rest) - seconds) < 5)
        #expect(ASN1_TIME_compare(X509_get0_notBefore(leaf.pointer), X509_get0_notAfter(leaf.pointer)) < 0)
    }

    @Test func `another number gives another leaf`() throws {
        let first = try authority.issue(.init(commonName: "S", number: 1), for: key)
        let second = try authority.issue(.init(commonName: "S", number: 2), for: key)
        #expect(X509_cmp(first.pointer, second.pointer) != 0)
    }
}
