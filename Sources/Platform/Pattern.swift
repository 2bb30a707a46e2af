import Glibc

/// An extended regular expression of POSIX, matched by the C library.
///
/// Swift's own regular expressions would make the program a megabyte larger.
package final class Pattern: @unchecked Sendable {
    // Written once. Glibc's regexec locks what it changes.
    private var compiled = regex_t()

    /// - Parameter expression: a constant of the program. An invalid one stops the program.
    package init(_ expression: String) {
        let code = regcomp(&compiled, "^(\(expression))$", REG_EXTENDED | REG_NOSUB)
        precondition(code == 0, "invalid pattern: \(expression)")
    }

    deinit { regfree(&compiled) }

    /// Whether the whole text matches. A dot stands for one byte.
    package func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            // The range, because a text may contain zero bytes.
            var range = regmatch_t(rm_so: 0, rm_eo: regoff_t(clamping: bytes.count))
            return bytes.withMemoryRebound(to: CChar.self) { characters in
                guard let start = characters.baseAddress else { return regexec(&compiled, "", 0, nil, 0) == 0 }
                return regexec(&compiled, start, 1, &range, REG_STARTEND) == 0
            }
        }
    }
}
