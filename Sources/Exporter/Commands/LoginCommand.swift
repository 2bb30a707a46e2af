import Cloud
import Reactor

/// `bambu_exporter login`: gets a token for an account and writes it where the exporter reads it.
struct LoginCommand {
    private let options: Options
    private let settings: Configuration.Account
    private let console = Console()

    /// - Throws: `ConfigurationError` where nothing says where the token is to go.
    init(_ options: Options, _ loader: ConfigurationLoader) throws {
        self.options = options
        var loader = loader
        loader.needsToken = false
        var settings = try loader.load().cloud ?? Configuration.Account()
        if let region = options.region { settings.region = region }
        guard !settings.tokenFile.isEmpty else {
            throw ConfigurationError(
                "login",
                "nothing says where the token is to go: set cloud.token_file in the configuration, or BAMBU_CLOUD_TOKEN_FILE"
            )
        }
        self.settings = settings
    }

    /// Asks, signs in, and writes the token. Returns the exit code.
    func run() throws -> Int32 {
        do {
            return try signIn()
        } catch let error as Console.Ended {
            console.say("bambu_exporter: \(error); nothing was written.\n")
            return 1
        }
    }

    private func signIn() throws -> Int32 {
        let account = try options.account ?? console.ask("Account (e-mail, or telephone number in China):")
        guard !account.isEmpty else { throw ConfigurationError("login", "no account was given") }
        let region = try region()
        let hosts = CloudClient.Hosts(api: settings.apiURL ?? region.api, site: settings.apiURL ?? region.site)
        var login = Login(account: account)
        var action = login.start()
        while true {
            switch action {
            case .ask(let question, let hint):
                if !hint.isEmpty { console.say(hint + "\n") }
                // A code is over as soon as it was used; a password is not.
                let answer =
                    question == .password
                    ? try console.askSecretly(question.text) : Secret(try console.ask(question.text))
                action = login.answered(question, answer)
            case .send(let request): action = login.received(try Self.send(request, to: hosts))
            case .fail(let reason):
                console.say("bambu_exporter: \(reason)\n")
                return 1
            case .finish(let secret, let lifetime):
                try write(secret, lifetime: lifetime, region)
                return 0
            }
        }
    }

    /// At a terminal it is asked for; through a pipe a line that names a region is one.
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
            try TokenFile.write(Token.file(token: token.secret, expires: end), to: settings.tokenFile)
        } catch {
            throw ConfigurationError("login", "the token could not be written: \(error)")
        }
        let until = end.map { " It ends on \(TimeText.text(ofSeconds: Int($0)).prefix(10))." } ?? ""
        console.say("Signed in. The token is in \(settings.tokenFile).\(until)\n")
        console.say("An exporter that reads this file goes on by itself.\n")
        if region != settings.region || options.region != nil, region == .china {
            console.say("The configuration must say so too: cloud: { region: \"china\" }\n")
        }
    }

    /// Sends a request on a loop of its own, and returns when the answer is there or the deadline has passed.
    private static func send(
        _ request: CloudRequest, to hosts: CloudClient.Hosts
    ) throws -> Result<CloudResponse, CloudFailure> {
        let loop = try EventLoop()
        let client = CloudClient(
            on: loop, resolver: Resolver(on: loop), hosts: hosts, userAgent: "bambu_exporter/\(Build.version)",
            deadline: .seconds(30))
        defer { client.close() }
        var answer = Result<CloudResponse, CloudFailure>.failure(CloudFailure(.network, "the request was not sent"))
        client.send(request) {
            answer = $0
            loop.stop()
        }
        loop.run()
        return answer
    }
}

extension Login.Question {
    fileprivate var text: String {
        switch self {
        case .password: "Password (not shown; leave it empty for a code by e-mail):"
        case .mailedCode: "Code from the message:"
        case .authenticatorCode: "Code from the authenticator:"
        }
    }
}
