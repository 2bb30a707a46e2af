package import BambuProtocol

/// The state of one printer in the cloud account, read over REST.
///
/// It is exported while the account answers; see `PrinterSnapshot.account`.
package struct AccountFacts: Sendable, Equatable {
    /// Whether the printer is connected to the cloud.
    package var isOnline: Bool?
    /// The print status in lower case, such as `running`.
    package var status: String?
    /// Whether newer firmware is offered for the printer.
    package var isUpdateAvailable: Bool?
    /// The latest task of the printer.
    package var task: AccountTask?
    /// The AMS units and spools; `nil` if the account reports none.
    package var ams: AMS?
    /// The peer-to-peer camera; only with `cloud.camera_credentials`.
    package var camera: AccountCamera?

    package init() {}
}

/// The identity of a printer in the account. It is kept while the account does not answer.
package struct AccountIdentity: Sendable, Equatable {
    /// The name given to the printer in the app; "" if it has none.
    package var name = ""
    /// The model; `nil` if the account reports none.
    package var model: Model?
    /// The installed firmware version; "" if the account does not report it.
    package var firmware = ""

    package init() {}
}
