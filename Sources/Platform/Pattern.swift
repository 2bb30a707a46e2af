import Glibc

/// An extended regular expression of POSIX, matched by the C library.
///
/// Swift's own regular expressions would make the program a megabyte larger.
package final class Pattern: @unchecked Sendable {
    // Sendable: the pattern does not change after `init`, and glibc's regexec locks what it uses.
    private let compiled = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)

    /// - Parameter expression: a constant of the program. An invalid one stops the program.
    package init(_ expression: String) {
        compiled.initialize(to: regex_t())
        let code = regcomp(compiled, "^(\(expression))$", REG_EXTENDED | REG_NOSUB)
        precondition(code == 0, "invalid pattern: \(expression)")
    }

    deinit {
        regfree(compiled)
        compiled.deallocate()
    }

    /// Whether the whole text matches. A dot stands for one byte. A text with a zero byte does not match.
    package func matches(_ text: String) -> Bool {
        // The C library would see only the part before a zero byte.
        !text.utf8.contains(0) && text.withCString { regexec(compiled, $0, 0, nil, 0) == 0 }
    }
}
