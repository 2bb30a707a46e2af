import Platform

/// The thresholds that the page shares with the alert rules. A test compares them with `alerts/config.libsonnet`.
enum AlertRules {
    /// % of relative humidity above which a unit is damp.
    static let humidityWarning = 40.0
    /// % of relative humidity above which a unit is wet.
    static let humidityCritical = 60.0
    /// The humidity index at which, and below which, a unit without a percentage is damp; 5 is driest, 1 wettest.
    static let dampIndex = 2
    /// % left below which the page shows a spool's bar in another colour.
    static let filamentShown = 20.0
    /// % left below which a spool is low.
    static let filamentLow = 10.0
    /// % left below which the spool that feeds a print is nearly empty.
    static let filamentInUse = 5.0
    /// Days before the end of the account's token from which a banner asks for a new one.
    static let tokenDays = 14

    /// Patterns of the health messages that need no action.
    static let ignoredMessages = [
        "HMS_0500_0500_0001_0007", "HMS_0C00_0300_0003_000B", "HMS_0300_A700_0003_0001", "HMS_0500_0400_0003_0057",
        "HMS_0300_9[6-9]00_0003_0001", "HMS_0500_0400_0003_0008", "HMS_0300_9E00_0003_0001", "HMS_0500_0500_0003_0002",
        "HMS_0501_0400_0003_.{4}", "HMS_(07|12|18).{2}_2[0-3]00_0003_000[12]",
    ]
    /// Patterns of the codes in `print_error` that are no error.
    static let ignoredErrors = [
        ".{5}[0-3].{3}", "0300_400C", "0500_400E", "0300_8001", "0300_8013", "0500_C011", "0500_8030",
        "0502_400[7-9A-C]", "0C00_8002", "0300_8012", "0500_4001", "0500_4004", "0500_4040", "0500_404[23]",
        "0502_C010", "0502_C014", "0500_40(1[0-35-9A-F]|2[0-9A-C])", "0501_4.{3}",
        "(07|18)F[EF]_(8006|8007|C006|C009|C00A)", "07F[EF]_C01[0-2]", "12FF_(8007|C003)", "0500_8079", "0300_8054",
        "0300_4067",
    ]

    private static let ignored = Pattern((ignoredMessages + ignoredErrors).joined(separator: "|"))

    /// Whether the rules raise no alert for the code of a health message or of `print_error`.
    static func ignores(_ code: String) -> Bool { ignored.matches(code) }
}
