package import Platform

/// An account's token, with the information in it and in its file.
package struct Token: Sendable, Equatable {
    /// Why a file contains no usable token; the message contains no part of the file.
    package struct Unreadable: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    package let secret: Secret
    /// The expiry time in seconds since 1970; `nil` if neither the token nor the file contains it.
    package let expiry: Double?
    /// The user name for the cloud broker, such as `u_1234567`; `nil` if the token does not contain it.
    package let user: String?

    /// The maximum length of a token; known ones have a few hundred characters.
    private static let limit = 16 << 10

    /// Parses a file of `bambu_exporter login`, the response to a login, or a bare token.
    ///
    /// - Parameter written: The modification time of the file, in seconds since 1970.
    package init(text: String, written: Double) throws(Unreadable) {
        let trimmed = text.drop { $0.isWhitespace }
        var found = Self.withoutPrefix(String(trimmed.reversed().drop { $0.isWhitespace }.reversed()))
        var end: Double?
        if trimmed.first == "{" {
            guard let file = JSONMembers(Array(trimmed.utf8)) else {
                throw Unreadable(description: "it is not a JSON object with a token")
            }
            let token = ["token", "accessToken", "access_token"].lazy.compactMap(file.text).first
            guard let token, !token.isEmpty else {
                throw Unreadable(description: "its JSON object has no member \"token\"")
            }
            found = Self.withoutPrefix(token)
            // As in the response to a login, `expiresIn` is the lifetime since the file was written.
            end = file.number("expires") ?? file.number("expiresIn").map { written + $0 }
        }
        guard !found.isEmpty else { throw Unreadable(description: "it is empty") }
        guard found.utf8.count <= Self.limit,
            found.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"\"\\".utf8.contains($0) })
        else {
            throw Unreadable(description: "it contains no valid token: a token has no spaces, line breaks or quotes")
        }
        let claims = Self.claims(of: found)
        secret = Secret(found)
        expiry = [claims?.number("exp"), end].compactMap { $0 }.first { $0.isFinite && $0 > 0 && $0 < 1e11 }
        user = claims?.text("username").flatMap { Self.isUser($0) ? $0 : nil }
    }

    /// Removes a prefix that users often paste with the token: the name of the browser's cookie, or a header name.
    private static func withoutPrefix(_ text: String) -> String {
        for prefix in ["authorization:", "bearer ", "token="] where text.lowercased().hasPrefix(prefix) {
            return withoutPrefix(String(text.dropFirst(prefix.count).drop { $0.isWhitespace }))
        }
        return text.hasSuffix(";") ? String(text.dropLast()) : text
    }

    /// Whether the name is valid for the broker.
    private static func isUser(_ name: String) -> Bool {
        name.hasPrefix("u_") && name.utf8.count <= 64 && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    /// The claims in the middle part of a JWT; `nil` if the token is not one. Only the cloud can verify the signature.
    private static func claims(of token: String) -> JSONMembers? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 3 ? Base64.bytes(of: parts[1]).flatMap(JSONMembers.init) : nil
    }

    /// The content of a token file, which `init` can parse.
    package static func file(token: Secret, expires: Double?) -> Secret {
        let end = expires.map { ",\n  \"expires\": \(Int64($0))" } ?? ""
        // No character of a token needs to be escaped; see `init`.
        return Secret("{\n  \"token\": \"\(token.revealed)\"\(end)\n}\n")
    }
}
