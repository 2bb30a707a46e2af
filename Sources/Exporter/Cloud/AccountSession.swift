import BambuMetrics
import BambuProtocol
import Cloud
import Reactor

/// The account: does what its `AccountMachine` decides, keeps what the answers say of printers, and shows it to scrapes.
/// Confined to the loop's thread.
final class AccountSession {
    /// What the rest of the program is told.
    struct Listener {
        /// These printers are bound to the account, wanted, and this process' own.
        var found: ([String]) -> Void
        /// What is said of printers holds until then; `nil` for nothing, as the token is refused.
        var told: ([String: AccountPrinter], _ until: Instant?) -> Void
        /// Whom to be for the cloud's broker.
        var credentials: (BrokerSession.Credentials) -> Void
        /// There is nobody to be for the cloud's broker, and why.
        var stranded: (Link.Failure) -> Void
    }

    /// How long a token holds of which nothing says so. Source: the published notes; `expiresIn` of a login.
    private static let lifetime = 90.0 * 86_400

    let settings: Configuration.Account
    let shard: Configuration.Shard
    private let environment: ReactorEnvironment
    private let mailbox: AccountMailbox
    let listener: Listener
    private let client: CloudClient
    private var machine: AccountMachine
    private var file: TokenFile
    private var token: Token?
    private var tokenExpiry: Double?
    /// The owner's name for the broker.
    private(set) var user: String?
    var printers: [String: AccountPrinter] = [:]
    private var lastSuccess: Double?
    private var problem = LogOnce()
    /// What it was about, in words.
    private var trouble: String?
    private var timer: TimerQueue.Token?
    private var isStopped = false

    init(
        _ settings: Configuration.Account, shard: Configuration.Shard, environment: ReactorEnvironment,
        mailbox: AccountMailbox, listener: Listener
    ) {
        self.settings = settings
        self.shard = shard
        self.environment = environment
        self.mailbox = mailbox
        self.listener = listener
        client = CloudClient(
            on: environment.loop, resolver: environment.resolver, hosts: settings.hosts,
            userAgent: "bambu_exporter/\(Build.version)")
        file = TokenFile(settings.tokenFile)
        machine = AccountMachine(
            interval: settings.interval, needsUser: settings.readsReports, wantsCameras: settings.wantsCameras,
            at: Instant.now())
        publish()
    }

    func start() {
        // The worker loads it before it reads the token, which the first request needs.
        environment.files.perform { CloudClient.preload() }
        handle(.tick)
    }

    func stop() {
        isStopped = true
        if let timer { environment.loop.cancel(timer) }
        client.close()
        mailbox.publish(nil)
    }

    /// The configuration was read again, or the broker refused the token: its file may hold another one.
    func lookAgain() {
        guard !isStopped else { return }
        lookAtToken(isPolling: false)
    }

    private func handle(_ event: AccountMachine.Event) {
        guard !isStopped else { return }
        for action in machine.handle(event, at: Instant.now()) { perform(action) }
        publish()
        if let timer { environment.loop.cancel(timer) }
        timer = machine.deadline.map { environment.loop.schedule(at: $0) { [weak self] in self?.handle(.tick) } }
    }

    private func perform(_ action: AccountMachine.Action) {
        switch action {
        case .lookAtToken: lookAtToken(isPolling: true)
        case .send(let step): send(step)
        case .finish: finish()
        case .strand(let kind): listener.stranded(kind.linkFailure)
        case .refuse:
            listener.told([:], nil)
            listener.stranded(.auth)
        }
    }

    /// Reads the token file, which the event loop must not do itself.
    ///
    /// - Parameter isPolling: whether a poll is due, even if the token is the same.
    private func lookAtToken(isPolling: Bool) {
        environment.files.run(
            { [file] in
                var file = file
                let reading = file.read()
                return (file, reading)
            }, on: environment.loop
        ) { [weak self] file, reading in
            guard let self, !isStopped else { return }
            self.file = file
            take(reading, isPolling: isPolling)
        }
    }

    private func take(_ reading: TokenFile.Reading, isPolling: Bool) {
        switch reading {
        case .unchanged where !isPolling: return
        case .unchanged: handle(token == nil ? .noToken : .token(isNew: false, hasUser: user != nil))
        case .unreadable(let reason):
            token = nil
            tokenExpiry = nil
            let remedy = "\(reason). To get a token run: bambu_exporter login"
            complain("There is no token for the account", kind: "token", api: "", reason: "auth", remedy)
            handle(.noToken)
        case .token(let token, let written):
            take(token, written: written)
            handle(.token(isNew: true, hasUser: user != nil))
        }
    }

    private func take(_ token: Token, written: Double) {
        if self.token != nil { environment.log.info("The token file has changed", ["file": settings.tokenFile]) }
        self.token = token
        user = token.user
        tokenExpiry = token.expiry ?? written + Self.lifetime
        if token.expiry == nil {
            environment.log.info(
                "Nothing says when the account's token ends; taking it to be 90 days after its file was written",
                ["file": settings.tokenFile, "expires": TimeText.text(ofSeconds: Int(written + Self.lifetime))])
        }
        tellCredentials()
    }

    /// Takes in the owner's name for the broker, which the token did not tell.
    func take(user: String) {
        self.user = user
        tellCredentials()
    }

    private func tellCredentials() {
        guard settings.readsReports, let user, let token else { return }
        listener.credentials(BrokerSession.Credentials(user: user, password: token.secret))
    }

    private func send(_ step: AccountMachine.Step) {
        environment.log.debug("Asking the account", ["api": step.api.rawValue])
        client.send(step.request(token: token?.secret)) { [weak self] result in
            guard let self else { return }
            // The worker judges the answer, because printers wait for the loop and an answer may be long.
            environment.files.run(
                {
                    result.flatMap { answer in
                        answer.failure(at: WallClock.now()).map { .failure($0) } ?? .success(answer.body)
                    }
                }, on: environment.loop
            ) { [weak self] in self?.receive($0, to: step) }
        }
    }

    private func receive(_ result: Result<[UInt8], CloudFailure>, to step: AccountMachine.Step) {
        guard !isStopped else { return }
        switch result {
        case .failure(let failure): fail(failure, step)
        case .success(let body):
            guard let event = take(body, for: step) else {
                return fail(CloudFailure(.shape, "an answer of another shape than it should have"), step)
            }
            handle(event)
        }
    }

    private func fail(_ failure: CloudFailure, _ step: AccountMachine.Step) {
        let (api, reason) = (step.api.rawValue, failure.kind.reason.rawValue)
        let detail = "\(failure.detail). \(Remedy.text(for: failure.kind))"
        switch failure.kind {
        case .refused: complain("The account refuses the token", kind: "refused", api: api, reason: reason, detail)
        case .forbidden where step != .bind:
            environment.log.warn(
                "The account may not ask for this; it is left out from now on",
                ["api": api, "reason": reason, "detail": failure.detail])
        default:
            complain(
                "The account does not answer as it should", kind: "\(failure.kind)", api: api, reason: reason, detail)
        }
        noteMiss(step)
        handle(.failed(failure.kind, pause: failure.pause))
    }

    private func finish() {
        if machine.isUp {
            lastSuccess = WallClock.now()
            if problem.clear() { environment.log.info("The account answers again") }
            trouble = nil
        }
        listener.told(printers, Instant.now() + settings.interval * 2)
    }

    /// Says once what is wrong; while it stays the same, only at debug.
    ///
    /// - Parameter kind: tells one trouble from the next.
    private func complain(_ message: String, kind: String, api: String, reason: String, _ detail: String) {
        let fields: Log.Fields = ["api": api, "reason": reason, "detail": detail]
        environment.log.write(problem.level(of: kind, first: .warn), message, fields)
        trouble = "\(message): \(detail)"
    }

    private func publish() {
        var snapshot = AccountSnapshot()
        snapshot.isUp = machine.isUp
        snapshot.isRefused = machine.isRefused
        snapshot.trouble = trouble
        snapshot.tokenExpiry = tokenExpiry
        snapshot.requests = machine.requests
        snapshot.failures = machine.failures
        snapshot.lastSuccess = lastSuccess
        snapshot.isExported = shard.index == 0
        mailbox.publish(snapshot)
    }
}
