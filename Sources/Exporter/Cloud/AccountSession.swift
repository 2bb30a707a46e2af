import BambuMetrics
import BambuProtocol
import Cloud
import Platform
import Reactor

/// Polls the account: performs the actions of its `AccountMachine`, and publishes the data of printers.
///
/// Confined to the event loop's thread.
final class AccountSession {
    /// The lifetime of a token without an expiry. Source: the published notes; `expiresIn` of a login.
    private static let lifetime = 90.0 * 86_400

    let settings: Configuration.Account
    let shard: Configuration.Shard
    private let environment: ReactorEnvironment
    private let session: BrokerSession?
    let onPrinters: ([String]) -> Void
    private let onData: ([String: AccountPrinter], _ until: Instant?) -> Void
    private let client: CloudClient
    private var machine: AccountMachine
    private var file: TokenFile
    private var token: Token?
    private var tokenExpiry: Double?
    /// The user name for the broker.
    private(set) var user: String?
    var printers: [String: AccountPrinter] = [:]
    private var lastSuccess: Double?
    private var problem = LogOnce()
    /// The current problem, as text; `nil` if requests succeed.
    private var trouble: String?
    private lazy var timer = LazyTimer(environment.loop) { [weak self] in self?.handle(.tick) }
    private var isStopped = false

    /// - Parameters:
    ///   - session: gets the credentials for the cloud broker; `nil` if no reports are read through it.
    ///   - onPrinters: called with the account's printers that this process reads.
    ///   - onData: called with the data by serial number, and until when it is current; `nil` if the token is invalid.
    init(
        _ settings: Configuration.Account, shard: Configuration.Shard, environment: ReactorEnvironment,
        session: BrokerSession?, onPrinters: @escaping ([String]) -> Void,
        onData: @escaping ([String: AccountPrinter], _ until: Instant?) -> Void
    ) {
        self.settings = settings
        self.shard = shard
        self.environment = environment
        self.session = session
        self.onPrinters = onPrinters
        self.onData = onData
        client = CloudClient(
            on: environment.loop, resolver: environment.resolver, hosts: settings.hosts,
            userAgent: "bambu_exporter/\(Build.version)", authorities: try? environment.authorities(of: nil))
        file = TokenFile(path: settings.tokenFile)
        machine = AccountMachine(settings, at: Instant.now())
        publish()
    }

    func start() {
        // The worker loads the HTTP library before it reads the token, which the first request needs.
        environment.files.perform { CloudClient.preload() }
        handle(.tick)
    }

    func stop() {
        isStopped = true
        timer.cancel()
        client.close()
        environment.registry.publish(nil)
    }

    /// Reads the token file again because the configuration was reloaded or the broker refused the token.
    func recheckToken() {
        guard !isStopped else { return }
        readToken(isPolling: false)
    }

    private func handle(_ event: AccountMachine.Event) {
        guard !isStopped else { return }
        for action in machine.handle(event, at: Instant.now()) { perform(action) }
        publish()
        timer.set(machine.deadline)
    }

    private func perform(_ action: AccountMachine.Action) {
        switch action {
        case .readToken: readToken(isPolling: true)
        case .send(let step): send(step)
        case .finish: finish()
        case .holdBroker(let kind): session?.hold(.failure(kind.linkFailure))
        case .refuse:
            onData([:], nil)
            session?.hold(.failure(.auth))
        }
    }

    /// Reads the token file on the worker.
    ///
    /// - Parameter isPolling: whether to poll even if the token is unchanged.
    private func readToken(isPolling: Bool) {
        environment.files.run(
            { [file] in
                var file = file
                let reading = file.read()
                return (file, reading)
            }, on: environment.loop
        ) { [weak self] file, reading in
            guard let self, !isStopped else { return }
            self.file = file
            apply(reading, isPolling: isPolling)
        }
    }

    private func apply(_ reading: TokenFile.Reading, isPolling: Bool) {
        switch reading {
        case .unchanged where !isPolling: return
        case .unchanged: handle(token == nil ? .noToken : .token(isNew: false, hasUser: user != nil))
        case .unreadable(let reason):
            token = nil
            tokenExpiry = nil
            let remedy = "\(reason). To get a token, run: bambu_exporter login"
            logProblem("No token for the account", kind: "token", api: "", reason: "auth", remedy)
            handle(.noToken)
        case .token(let token, let written):
            use(token, written: written)
            handle(.token(isNew: true, hasUser: user != nil))
        }
    }

    private func use(_ token: Token, written: Double) {
        if self.token != nil { environment.log.info("The token file has changed", ["file": settings.tokenFile]) }
        self.token = token
        user = token.user
        tokenExpiry = token.expiry ?? written + Self.lifetime
        if token.expiry == nil {
            environment.log.info(
                "The token has no expiry date; assuming 90 days after its file was written",
                ["file": settings.tokenFile, "expires": TimeText.text(ofSeconds: Int(written + Self.lifetime))])
        }
        reportCredentials()
    }

    /// Stores the user name for the broker if the token did not contain it.
    func use(user: String) {
        self.user = user
        reportCredentials()
    }

    private func reportCredentials() {
        guard let user, let token else { return }
        session?.use(BrokerSession.Credentials(user: user, password: token.secret))
    }

    private func send(_ step: AccountMachine.Step) {
        environment.log.debug("Sending a request to the account", ["api": step.api.rawValue])
        client.send(step.request(token: token?.secret)) { [weak self] result in
            guard let self else { return }
            // The worker checks the response, since a long one would delay the event loop.
            environment.files.run(
                {
                    result.flatMap { response in
                        response.failure(at: WallClock.now()).map { .failure($0) } ?? .success(response.body)
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
            guard let event = store(body, for: step) else {
                return fail(CloudFailure(.shape, "unexpected format of the response"), step)
            }
            handle(event)
        }
    }

    private func fail(_ failure: CloudFailure, _ step: AccountMachine.Step) {
        let (api, reason) = (step.api.rawValue, failure.kind.reason.rawValue)
        let detail = "\(failure.detail). \(Remedy.text(for: failure.kind))"
        switch failure.kind {
        case .refused: logProblem("The account refused the token", kind: "refused", api: api, reason: reason, detail)
        case .forbidden where step.api != .bind:
            environment.log.warn(
                "The account may not use this request; it is not sent again",
                ["api": api, "reason": reason, "detail": failure.detail])
        default:
            logProblem(
                "A request to the account failed", kind: "\(failure.kind)", api: api, reason: reason, detail)
        }
        recordFailure(step)
        handle(.failed(failure.kind, pause: failure.pause))
    }

    private func finish() {
        if machine.isUp {
            lastSuccess = WallClock.now()
            if problem.clear() { environment.log.info("Requests to the account succeed again") }
            trouble = nil
        }
        onData(printers, Instant.now() + settings.interval * 2)
    }

    /// Logs a problem once; repetitions of its `kind` are logged at debug level.
    private func logProblem(_ message: String, kind: String, api: String, reason: String, _ detail: String) {
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
        environment.registry.publish(snapshot)
    }
}
