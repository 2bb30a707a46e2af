import BambuProtocol
import Cloud
import Platform
import Reactor

/// The texts of health messages and errors, from a file or the manufacturer's public catalogue.
///
/// The catalogue is fetched once a week. Confined to the event loop's thread.
///
/// Each model has its own catalogue, with codes that the others lack. Source: Bambu Studio HMS.cpp.
final class FaultCatalogue {
    private static let lifetime = 7 * 86_400.0
    /// The interval at which due catalogues are looked up, and the wait before a retry.
    private static let interval = Duration.seconds(3600)
    private static let deadline = Duration.seconds(20)
    /// The most catalogues to hold; there are about fifteen models.
    private static let modelLimit = 40

    private let settings: Configuration.FaultTexts
    private let environment: ReactorEnvironment
    /// `nil` without a `state_dir`.
    private let files: CatalogueFiles?
    private let onChange: (FaultTexts) -> Void
    private var client: CloudClient?
    private var usesBrowserAgent = false
    private lazy var timer = LazyTimer(environment.loop) { [weak self] in self?.fetchDueCatalogues() }
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
        files = stateDirectory.map { CatalogueFiles(directory: $0, language: settings.language) }
        if let file = settings.file { readFile(file) }
    }

    /// Loads the catalogues of the printers with these serial numbers.
    func watch(_ serials: [String]) {
        guard settings.file == nil else { return }
        let wanted = Set(
            serials.map { String($0.prefix(3)) }.filter { $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } }
        )
        let new = wanted.subtracting(models).sorted().prefix(max(0, Self.modelLimit - models.count))
        guard !new.isEmpty else { return }
        models.formUnion(new)
        environment.files.run(
            { [files] in
                CloudClient.preload()
                return new.map { ($0, files?.read($0)) }
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
        timer.cancel()
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
        let isComplete = models.allSatisfy { kept[$0] != nil }
        environment.files.run(
            {
                var merged = catalogues.reduce(into: FaultTexts()) { $0.merge($1) }
                merged.isComplete = isComplete
                return merged
            }, on: environment.loop
        ) { [weak self] merged in
            guard let self, !isStopped else { return }
            onChange(merged)
        }
    }

    private func fetchDueCatalogues() {
        let now = WallClock.now()
        queue = models.filter { now - (kept[$0]?.time ?? 0) >= Self.lifetime }.sorted()
        timer.set(environment.loop.now + Self.interval)
        fetchNext()
    }

    private func fetchNext() {
        guard !isStopped, !isFetching, let model = queue.first else { return }
        isFetching = true
        queue.removeFirst()
        var query = ["lang": settings.language, "d": model]
        if let version = kept[model]?.texts.version { query["v"] = "\(version)" }
        let client = client ?? makeClient()
        self.client = client
        client.send(CloudRequest("", query: query)) { [weak self] result in
            guard let self else { return }
            // The worker parses the response: it has about 900 kB, which would delay the event loop.
            environment.files.run(
                { [settings] in result.map { ($0, FaultTexts.read($0.body, language: settings.language)) } },
                on: environment.loop
            ) { [weak self] in self?.receive($0, of: model) }
        }
    }

    private func makeClient() -> CloudClient {
        // The catalogue's host refuses some user agents.
        let agent = usesBrowserAgent ? "Mozilla/5.0 (compatible; bambu_exporter)" : "bambu_exporter/\(Build.version)"
        let hosts = CloudClient.Hosts(api: settings.url, site: settings.url)
        return CloudClient(
            on: environment.loop, resolver: environment.resolver, hosts: hosts, userAgent: agent,
            deadline: Self.deadline, authorities: try? environment.authorities(of: nil))
    }

    private func receive(_ result: Result<(CloudResponse, FaultTexts.Answer), CloudFailure>, of model: String) {
        guard !isStopped else { return }
        isFetching = false
        do throws(CloudFailure) {
            let (response, answer) = try result.get()
            switch (response.status, answer) {
            case (200, .texts(let texts)): store(texts, response.body, of: model)
            case (200, .unchanged):
                if let texts = kept[model]?.texts { keep(texts, of: model) }
                environment.files.perform { [files] in files?.confirm(model) }
            case (200, .unusable):
                return fail("the response is not a catalogue of fault texts in the language \(settings.language)")
            case (403, _) where !usesBrowserAgent:
                usesBrowserAgent = true
                client?.close()
                client = nil
                queue.insert(model, at: 0)
            case (403, _): return fail("the catalogue's host refused the request")
            default: return fail("HTTP \(response.status)")
            }
            fetchNext()
        } catch {
            fail(error.detail)
        }
    }

    private func store(_ texts: FaultTexts, _ body: [UInt8], of model: String) {
        if problem.clear() { environment.log.info("Fault texts are fetched again") }
        environment.log.debug("Fetched fault texts", ["model": model, "bytes": body.count])
        keep(texts, of: model)
        environment.files.perform { [files, log = environment.log] in
            do { try files?.write(body, of: model) } catch {
                log.warn("Cannot store fault texts in state_dir", ["model": model, "err": "\(error)"])
            }
        }
        publish()
    }

    private func keep(_ texts: FaultTexts, of model: String) {
        kept[model] = (texts, WallClock.now())
    }

    private func fail(_ reason: String) {
        log("fetch", "\(reason). The exporter retries in an hour; stored texts stay in use")
        queue = []
        timer.set(environment.loop.now + Self.interval)
    }

    private func log(_ kind: String, _ detail: String) {
        environment.log.write(
            problem.level(of: kind, first: .warn), "Fault texts are not available", ["detail": detail])
    }
}
