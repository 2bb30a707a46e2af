import BambuMetrics

/// The page's texts about the account.
struct AccountNote {
    let account: AccountSnapshot
    /// In seconds since 1970.
    let now: Double

    /// The banner that asks for a new token; `nil` while the token is good for long enough.
    var banner: Markup? {
        if account.isRefused {
            return """
                <p class="banner"><strong>The account's token is missing or was refused.</strong> Run
                <code>bambu_exporter login</code> to get a new one.</p>
                """
        }
        guard let days, days < AlertRules.tokenDays else { return nil }
        let when = days < 0 ? "has ended" : days == 0 ? "ends today" : "ends in \(days) \(days == 1 ? "day" : "days")"
        return """
            <p class="banner"><strong>The account's token \(when).</strong> Run <code>bambu_exporter login</code> to renew it.</p>
            """
    }

    /// The account's state, and what to do about it.
    var line: Markup {
        var words = [account.isUp ? "answers" : account.isRefused ? "is not asked any more" : "does not answer"]
        if !account.isUp, let last = account.lastSuccess { words.append("last answer \(StatusText.age(now - last))") }
        if let days, days >= 0 { words.append("its token ends in \(days) \(days == 1 ? "day" : "days")") }
        let trouble: Markup? = account.trouble.map { trouble in
            let (problem, rest) = StatusText.sentences(trouble)
            return " <strong>\(problem)</strong>\(rest)"
        }
        return "<p>Account: \(words.joined(separator: ", ")).\(trouble)</p>"
    }

    /// Whole days until the token expires, negative after that; `nil` if the expiry is not known.
    private var days: Int? {
        guard let end = account.tokenExpiry, abs(end) < 1e11 else { return nil }
        return Int(((end - now) / 86_400).rounded(.down))
    }
}
