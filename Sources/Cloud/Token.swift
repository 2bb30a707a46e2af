import FoundationEssentials
package import Reactor

/// The account's token, and what it and its file say of it.
package struct Token: Sendable, Equatable {
    /// Why a file holds no token. None of what it holds is in the words.
    package struct Unreadable: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    package let secret: Secret
    /// When it ends, in seconds since 1970; `nil` where neither it nor the file says so.
    package let expiry: Double?
    /// Its owner for the cloud's broker, such as `u_1234567`; `nil` where it does not say.
    package let user: String?

    /// The longest token that is taken; those seen have a few hundred characters.
    private static let limit = 16 << 10

    private struct File: Decodable {
        var token: String?
        var accessToken: String?
        var access_token: String?
        /// Seconds since 1970.
        var expires: Double?
        /// Seconds from when the file was written, as a login answers.
        var expiresIn: Double?
    }

    private struct Claims: Decodable {
        var exp: Double?
        var username: String?
    }

    /// Reads what `bambu_exporter login` wrote, the answer of a login, or a bare token.
    ///
    /// - Parameter written: when the file was, in seconds since 1970.
    package init(text: String, written: Double) throws(Unreadable) {
        let trimmed = text.drop { $0.isWhitespace }
        var found = Self.withoutPrefix(String(trimmed.reversed().drop { $0.isWhitespace }.reversed()))
        var end: Double?
        if trimmed.first == "{" {
            guard let file = try? JSONDecoder().decode(File.self, from: Data(trimmed.utf8)) else {
                throw Unreadable(description: "it is no JSON object of a token and its end")
            }
            guard let token = file.token ?? file.accessToken ?? file.access_token, !token.isEmpty else {
                throw Unreadable(description: "its JSON object has no member token")
            }
            found = Self.withoutPrefix(token)
            end = file.expires ?? file.expiresIn.map { written + $0 }
        }
        guard !found.isEmpty else { throw Unreadable(description: "it is empty") }
        guard found.utf8.count <= Self.limit,
            found.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"\"\\".utf8.contains($0) })
        else {
            throw Unreadable(description: "what it holds is no token: one has no spaces, line feeds and quotes in it")
        }
        let claims = Self.claims(of: found)
        secret = Secret(found)
        expiry = [claims?.exp, end].compactMap { $0 }.first { $0.isFinite && $0 > 0 && $0 < 1e11 }
        user = claims?.username.flatMap { Self.isUser($0) ? $0 : nil }
    }

    /// A token as people paste it: behind the name of the browser's cookie, or as in a request's header.
    private static func withoutPrefix(_ text: String) -> String {
        for prefix in ["authorization:", "bearer ", "token="] where text.lowercased().hasPrefix(prefix) {
            return withoutPrefix(String(text.dropFirst(prefix.count).drop { $0.isWhitespace }))
        }
        return text.hasSuffix(";") ? String(text.dropLast()) : text
    }

    /// Whether a name can be one for the broker.
    private static func isUser(_ name: String) -> Bool {
        name.hasPrefix("u_") && name.utf8.count <= 64 && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    /// What a JWT says in its middle part; `nil` where the token is none. Its signature is the cloud's business.
    private static func claims(of token: String) -> Claims? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        let plain = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        let padded = plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: String(padded)) else { return nil }
        return try? JSONDecoder().decode(Claims.self, from: data)
    }

    /// The text of a file that `init` reads.
    package static func file(token: Secret, expires: Double?) -> Secret {
        let end = expires.map { ",\n  \"expires\": \(Int64($0))" } ?? ""
        // A token has no character that would have to be escaped; see `init`.
        return Secret("{\n  \"token\": \"\(token.revealed)\"\(end)\n}\n")
    }
}
