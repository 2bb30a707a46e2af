import BambuProtocol
import Cloud
import Reactor

/// What health messages and errors mean, in words: read from a file, or fetched from the maker's public catalogue once a
/// week. Confined to the event loop's thread.
///
/// Each model has a catalogue of its own, which has codes that the others lack. Source: Bambu Studio HMS.cpp.
final class FaultCatalogue {
    private static let lifetime = 7 * 86_400.0
    /// The wait after a failure.
    private static let retry = Duration.seconds(3600)
    /// The time between two looks at what is due.
    private static let pace = Duration.seconds(3600)
    private static let deadline = Duration.seconds(20)
    /// The catalogues that are held: there are some fifteen models.
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
    /// The models whose catalogue is to be fetched, one after the other.
    private var queue: [String] = []
    private var isFetching = false
    private var isStopped = false

    /// - Parameter onChange: called with the texts of all models whenever they have changed.
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

    /// Uses the texts of the printers with these serial numbers.
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
            fetchWhatIsDue()
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
                    "file", "\(file) is not a catalogue of fault texts in the language \(settings.language)")
            }
            onChange(texts)
        }
    }

    /// Merges the catalogues on the worker: each has thousands of texts, and printers wait for the event loop.
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

    private func fetchWhatIsDue() {
        let now = WallClock.now()
        queue = models.filter { now - (kept[$0]?.time ?? 0) >= Self.lifetime }.sorted()
        schedule(after: Self.pace)
        fetchNext()
    }

    private func schedule(after delay: Duration) {
        if let timer { environment.loop.cancel(timer) }
        timer = environment.loop.schedule(after: delay) { [weak self] in self?.fetchWhatIsDue() }
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
            // The worker reads the answer: it has some 900 kB, and printers wait for the event loop.
            environment.files.run(
                { [language = settings.language] in Fetched(result, language: language) }, on: environment.loop
            ) { [weak self] in self?.receive($0, of: model) }
        }
    }

    private func makeClient() -> CloudClient {
        // The catalogue's host refuses some agents.
        let agent = usesBrowserAgent ? "Mozilla/5.0 (compatible; bambu_exporter)" : "bambu_exporter/\(Build.version)"
        let hosts = CloudClient.Hosts(api: settings.base, site: settings.base)
        return CloudClient(
            on: environment.loop, resolver: environment.resolver, hosts: hosts, userAgent: agent,
            deadline: Self.deadline)
    }

    private func receive(_ fetched: Fetched, of model: String) {
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
                    log.warn("Cannot keep fault texts in state_dir", ["model": model, "err": "\(error)"])
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
        case .refused: return fail("the catalogue's host refuses the request")
        case .failed(let reason): return fail(reason)
        }
        fetchNext()
    }

    private func fail(_ reason: String) {
        log("fetch", "\(reason). It is tried again in an hour; the texts that are kept stay in use")
        queue = []
        schedule(after: Self.retry)
    }

    private func log(_ kind: String, _ detail: String) {
        environment.log.write(
            problem.level(of: kind, first: .warn), "Fault texts are not available", ["detail": detail])
    }
}

/// What came of one request for a catalogue.
private enum Fetched: Sendable {
    case texts(FaultTexts, body: [UInt8])
    case unchanged
    case refused
    case failed(String)

    init(_ result: Result<CloudResponse, CloudFailure>, language: String) {
        switch result {
        case .failure(let failure): self = .failed(failure.detail)
        case .success(let answer) where answer.status == 403: self = .refused
        case .success(let answer) where answer.status != 200: self = .failed("HTTP \(answer.status)")
        case .success(let answer):
            switch FaultTexts.read(answer.body, language: language) {
            case .texts(let texts): self = .texts(texts, body: answer.body)
            case .unchanged: self = .unchanged
            case .unusable: self = .failed("the answer is not a catalogue of fault texts")
            }
        }
    }
}
