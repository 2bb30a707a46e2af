import BambuProtocol
import Cloud
import Reactor

/// The texts of health messages and errors, from a file or the manufacturer's public catalogue.
///
/// The catalogue is fetched once a week. Confined to the event loop's thread.
///
/// Each model has its own catalogue, with codes that the others lack. Source: Bambu Studio HMS.cpp.
final class FaultCatalogue {
    private static let lifetime = 7 * 86_400.0
    /// The wait before a retry.
    private static let retryDelay = Duration.seconds(3600)
    /// The interval at which due catalogues are looked up.
    private static let checkInterval = Duration.seconds(3600)
    private static let deadline = Duration.seconds(20)
    /// The most catalogues to hold; there are about fifteen models.
    private static let modelLimit = 40

    private let settings: Configuration.FaultTexts
    private let environment: ReactorEnvironment
    private let files: CatalogueFiles
    private let onChange: (FaultTexts) -> Void
    private var client: CloudClient?
    private var usesBrowserAgent = false
    private var timer: TimerQueue.Token?
    private var problem = LogOnce()
    /// By the first three characters of the serial number.
    private var kept: [String: CatalogueFiles.Kept] = [:]
    private var models: Set<String> = []
    /// The models whose catalogues are due, fetched one at a time.
    private var queue: [String] = []
    private var isFetching = false
    private var isStopped = false

    /// - Parameter onChange: called with the texts of all models when they change.
    init(
        _ settings: Configuration.FaultTexts, stateDirectory: String?, environment: ReactorEnvironment,
        onChange: @escaping (FaultTexts) -> Void
    ) {
        self.settings = settings
        self.environment = environment
        self.onChange = onChange
        files = CatalogueFiles(directory: stateDirectory, language: settings.language)
        if let file = settings.file { readFile(file) }
    }

    /// Loads the catalogues of the printers with these serial numbers.
    func watch(_ serials: [String]) {
        guard settings.file == nil else { return }
        let wanted = Set(serials.map { String($0.prefix(3)) }.filter { $0.utf8.allSatisfy(Self.isPlain) })
        let new = wanted.subtracting(models).sorted().prefix(max(0, Self.modelLimit - models.count))
        guard !new.isEmpty else { return }
        models.formUnion(new)
        environment.files.run(
            { [files] in
                CloudClient.preload()
                return new.map { ($0, files.read($0)) }
            }, on: environment.loop
        ) { [weak self] found in
            guard let self, !isStopped else { return }
            for (model, texts) in found { kept[model] = texts }
            publish()
            fetchDueCatalogues()
        }
    }

    func stop() {
        isStopped = true
        client?.close()
        if let timer { environment.loop.cancel(timer) }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }

    private func readFile(_ file: String) {
        environment.files.run({ [settings] in CatalogueFiles.read(file, settings.language) }, on: environment.loop) {
            [weak self] texts in
            guard let self, !isStopped else { return }
            guard let texts else {
                return log(
                    "file",
                    """
                    \(file) is not a catalogue of fault texts in the language \(settings.language). Check \
                    fault_texts.file and fault_texts.language
                    """)
            }
            onChange(texts)
        }
    }

    /// Merges the catalogues on the worker: each has thousands of texts, which would delay the event loop.
    private func publish() {
        let catalogues = kept.sorted { $0.key < $1.key }.map(\.value.texts)
        guard !catalogues.isEmpty else { return }
        environment.files.run(
            { catalogues.reduce(into: FaultTexts()) { $0.merge($1) } }, on: environment.loop
        ) { [weak self] merged in
            guard let self, !isStopped else { return }
            onChange(merged)
        }
    }

    private func fetchDueCatalogues() {
        let now = WallClock.now()
        queue = models.filter { now - (kept[$0]?.time ?? 0) >= Self.lifetime }.sorted()
        schedule(after: Self.checkInterval)
        fetchNext()
    }

    private func schedule(after delay: Duration) {
        if let timer { environment.loop.cancel(timer) }
        timer = environment.loop.schedule(after: delay) { [weak self] in self?.fetchDueCatalogues() }
    }

    private func fetchNext() {
        guard !isStopped, !isFetching, let model = queue.first else { return }
        isFetching = true
        queue.removeFirst()
        var query = ["lang": settings.language, "d": model]
        if let version = kept[model]?.texts.version { query["v"] = "\(version)" }
        let client = client ?? makeClient()
        self.client = client
        client.send(CloudRequest(settings.path, query: query)) { [weak self] result in
            guard let self else { return }
            // The worker parses the response: it has about 900 kB, which would delay the event loop.
            environment.files.run(
                { [language = settings.language] in Fetched(result, language: language) }, on: environment.loop
            ) { [weak self] in self?.store($0, of: model) }
        }
    }

    private func makeClient() -> CloudClient {
        // The catalogue's host refuses some user agents.
        let agent = usesBrowserAgent ? "Mozilla/5.0 (compatible; bambu_exporter)" : "bambu_exporter/\(Build.version)"
        let hosts = CloudClient.Hosts(api: settings.base, site: settings.base)
        return CloudClient(
            on: environment.loop, resolver: environment.resolver, hosts: hosts, userAgent: agent,
            deadline: Self.deadline, authorities: try? environment.authorities.store(of: nil))
    }

    private func store(_ fetched: Fetched, of model: String) {
        guard !isStopped else { return }
        isFetching = false
        switch fetched {
        case .texts(let texts, let body):
            if problem.clear() { environment.log.info("Fault texts are fetched again") }
            environment.log.debug("Fetched fault texts", ["model": model, "bytes": body.count])
            kept[model] = CatalogueFiles.Kept(texts: texts, time: WallClock.now())
            let (files, log) = (files, environment.log)
            environment.files.perform {
                do { try files.write(body, of: model) } catch {
                    log.warn("Cannot store fault texts in state_dir", ["model": model, "err": "\(error)"])
                }
            }
            publish()
        case .unchanged:
            if let texts = kept[model]?.texts {
                kept[model] = CatalogueFiles.Kept(texts: texts, time: WallClock.now())
            }
            environment.files.perform { [files] in files.confirm(model) }
        case .refused where !usesBrowserAgent:
            usesBrowserAgent = true
            client?.close()
            client = nil
            queue.insert(model, at: 0)
        case .refused: return fail("the catalogue's host refused the request")
        case .failed(let reason): return fail(reason)
        }
        fetchNext()
    }

    private func fail(_ reason: String) {
        log("fetch", "\(reason). The exporter retries in an hour; stored texts stay in use")
        queue = []
        schedule(after: Self.retryDelay)
    }

    private func log(_ kind: String, _ detail: String) {
        environment.log.write(
            problem.level(of: kind, first: .warn), "Fault texts are not available", ["detail": detail])
    }
}

/// The result of one request for a catalogue.
private enum Fetched: Sendable {
    case texts(FaultTexts, body: [UInt8])
    case unchanged
    case refused
    case failed(String)

    init(_ result: Result<CloudResponse, CloudFailure>, language: String) {
        switch result {
        case .failure(let failure): self = .failed(failure.detail)
        case .success(let response) where response.status == 403: self = .refused
        case .success(let response) where response.status != 200: self = .failed("HTTP \(response.status)")
        case .success(let response):
            switch FaultTexts.read(response.body, language: language) {
            case .texts(let texts): self = .texts(texts, body: response.body)
            case .unchanged: self = .unchanged
            case .unusable: self = .failed("the response is not a catalogue of fault texts")
            }
        }
    }
}
