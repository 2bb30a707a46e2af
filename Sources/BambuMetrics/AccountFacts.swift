package import BambuProtocol

/// What the account says of one printer, over REST. It is shown while the account answers; see `PrinterSnapshot.account`.
package struct AccountFacts: Sendable, Equatable {
    /// Whether the printer stands in connection with the cloud.
    package var isOnline: Bool?
    /// In lower case, such as `running`.
    package var status: String?
    /// Whether newer firmware is offered for it.
    package var isUpdateAvailable: Bool?
    /// Its latest task.
    package var task: AccountTask?
    /// Units and spools, where the account tells of any.
    package var ams: AMS?
    /// Only where somebody wants to know.
    package var camera: AccountCamera?

    package init() {}
}

/// Who a printer is, as the account has it. It stays while the account does not answer.
package struct AccountIdentity: Sendable, Equatable {
    /// The name given to the printer in the app; "" where there is none.
    package var name = ""
    /// `nil` where the account names no model.
    package var model: Model?
    /// The firmware that runs; "" where the account does not say.
    package var firmware = ""

    package init() {}
}
