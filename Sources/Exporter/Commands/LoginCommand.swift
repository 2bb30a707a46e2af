import Cloud
import Platform
import Reactor
import TLS

/// `bambu_exporter login`: requests a token for an account and writes it to the token file.
struct LoginCommand {
    private let options: Options
    private let settings: Configuration.Account
    private let console = Console()

    /// - Throws: `ConfigurationError` if no token file is configured.
    init(_ options: Options, _ loader: ConfigurationLoader) throws {
        self.options = options
        var loader = loader
        loader.needsToken = false
        var settings = try loader.load().cloud ?? Configuration.Account()
        if let region = options.region { settings.region = region }
        guard !settings.tokenFile.isEmpty else {
            throw ConfigurationError(
                "login",
                "no token file is configured. Set cloud.token_file in the configuration, or BAMBU_CLOUD_TOKEN_FILE"
            )
        }
        self.settings = settings
    }

    /// Prompts for the credentials, signs in and writes the token. Returns the exit code.
    func run() throws -> Int32 {
        let account = try options.account ?? console.ask("Account (e-mail address, or phone number in China):")
        guard !account.isEmpty else {
            throw ConfigurationError(
                "login",
                "the account is empty. Run the command again, or use --account")
        }
        let region = try region()
        let hosts = CloudClient.Hosts(api: settings.apiURL ?? region.api, site: settings.apiURL ?? region.site)
        var login = Login(account: account)
        var action = login.start()
        while true {
            switch action {
            case .ask(let question, let hint):
                if !hint.isEmpty { console.show(hint + "\n") }
                // Codes are shown: each is valid only once. Passwords are not.
                let answer =
                    question == .password
                    ? try console.askSecretly(question.text) : Secret(try console.ask(question.text))
                action = login.answered(question, answer)
            case .send(let request): action = login.received(try Self.send(request, to: hosts))
            case .fail(let reason): throw CommandError(reason)
            case .finish(let secret, let lifetime):
                try write(secret, lifetime: lifetime, region)
                return 0
            }
        }
    }

    /// At a terminal it prompts for the region; through a pipe, a line that is a region is used as one.
    private func region() throws -> Region {
        if let region = options.region { return region }
        let names = Region.allCases.map(\.rawValue)
        guard console.isTerminal else {
            return console.take(oneOf: names).flatMap { Region(rawValue: $0) } ?? settings.region
        }
        while true {
            let answer = try console.ask("Region, \(names.joined(separator: " or ")) [\(settings.region.rawValue)]:")
            if answer.isEmpty { return settings.region }
            if let region = Region(rawValue: answer.lowercased()) { return region }
        }
    }

    private func write(_ secret: Secret, lifetime: Double?, _ region: Region) throws {
        let token = try Token(text: secret.revealed, written: WallClock.now())
        let end = token.expiry ?? lifetime.flatMap { $0 > 0 && $0 < 1e9 ? WallClock.now() + $0 : nil }
        do {
            let contents = Token.file(token: token.secret, expires: end).revealed
            try AtomicFile.writePrivate(Array(contents.utf8), to: settings.tokenFile)
        } catch {
            throw ConfigurationError("login", "cannot write the token: \(error)")
        }
        let until = end.map { " It expires on \(TimeText.text(ofSeconds: Int($0)).prefix(10))." } ?? ""
        console.show("Signed in. The token is in \(settings.tokenFile).\(until)\n")
        console.show("A running exporter that uses this file reads it automatically.\n")
        if region != settings.region || options.region != nil, region == .china {
            console.show("Set the region in the configuration too: cloud: { region: \"china\" }\n")
        }
    }

    /// Sends a request on its own event loop. Returns the response, or a failure when the deadline has passed.
    private static func send(
        _ request: CloudRequest, to hosts: CloudClient.Hosts
    ) throws -> Result<CloudResponse, CloudFailure> {
        let loop = try EventLoop()
        let client = CloudClient(
            on: loop, resolver: Resolver(on: loop), hosts: hosts, userAgent: "bambu_exporter/\(Build.version)",
            deadline: .seconds(30), authorities: try? TrustStore(file: nil))
        defer { client.close() }
        var response = Result<CloudResponse, CloudFailure>.failure(CloudFailure(.network, "the request was not sent"))
        client.send(request) {
            response = $0
            loop.stop()
        }
        loop.run()
        return response
    }
}

extension Login.Question {
    fileprivate var text: String {
        switch self {
        case .password: "Password (not shown; leave empty to get a code by e-mail):"
        case .mailedCode: "Code from the e-mail or text message:"
        case .authenticatorCode: "Code from the authenticator app:"
        }
    }
}
