import BambuMetrics

/// What the page says of the account, below the printers.
enum AccountNote {
    /// "" where there is no account.
    static func html(of exporter: ExporterSnapshot, at now: Double) -> String {
        guard let account = exporter.account else { return "" }
        let words = [state(of: account, at: now), expiry(of: account, at: now)].compactMap { $0 }
        return "<p>Account: \(words.joined(separator: ", ")).</p>"
    }

    private static func state(of account: AccountSnapshot, at now: Double) -> String {
        if account.isUp { return "<span class=\"up\">answers</span>" }
        if account.isRefused {
            return
                "<span class=\"down\">the token is missing or was refused</span>: run <code>bambu_exporter login</code>"
        }
        let age =
            account.lastSuccess.map { ", last answer \(Int(exactly: max(0, now - $0).rounded()) ?? 0) s ago" } ?? ""
        return "<span class=\"down\">does not answer</span>\(age)"
    }

    private static func expiry(of account: AccountSnapshot, at now: Double) -> String? {
        guard let end = account.tokenExpiry, abs(end) < 1e11 else { return nil }
        let days = Int(((end - now) / 86_400).rounded(.down))
        if days < 0 { return "<span class=\"down\">its token has ended</span>" }
        let text = "its token ends in \(days) \(days == 1 ? "day" : "days")"
        return days < 14 ? "<span class=\"down\">\(text)</span>" : text
    }
}
