import JSONScanning

/// The type of peer-to-peer camera that the account has for a printer. The credentials beside it are not read.
///
/// Wire: the answer of `user/ttcode`. Source: the published notes; OpenBambuAPI cloud-http.md:794.
package struct AccountCamera: Sendable, Equatable {
    /// Usually `tutk`.
    package private(set) var type = ""
    package private(set) var region = ""

    /// Reads an answer; `nil` if it has another shape.
    package init?(in body: [UInt8]) {
        var camera = (type: "", region: "")
        let isRead = AccountAnswer.object(in: body) { try Self.fields.read($1, &$0, into: &camera) }
        guard isRead, !camera.type.isEmpty || !camera.region.isEmpty else { return nil }
        (type, region) = camera
    }

    private static let fields = FieldTable<(type: String, region: String)>([
        Field("type") { try $0.text(into: &$1.type) },
        Field("region") { try $0.text(into: &$1.region) },
    ])
}

/// The account owner's identity at the cloud's broker.
///
/// Wire: `uid` in the answer of `my/preference`. Source: OpenBambuAPI cloud-http.md:204.
package enum AccountOwner {
    /// The user name for the broker, such as `u_1234567`; `nil` if the answer has another shape.
    package static func user(in body: [UInt8]) -> String? {
        var uid: String?
        let isRead = AccountAnswer.object(in: body) { reader, key in
            if key.equals("uid") { try reader.textOrNumber(into: &uid) } else { try reader.scanner.skip() }
        }
        guard isRead, let uid, !uid.isEmpty, uid.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        return "u_" + uid
    }
}
