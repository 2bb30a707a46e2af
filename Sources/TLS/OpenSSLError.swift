import COpenSSL

/// Access to OpenSSL's error queue.
package enum OpenSSLError {
    /// Returns the newest error of this thread's queue and clears the queue; `nil` if the queue is empty.
    package static func last() -> String? {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard code != 0, let reason = ERR_reason_error_string(code) else { return nil }
        return String(cString: reason)
    }
}
