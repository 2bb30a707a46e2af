import Cloud
import FoundationEssentials
import Reactor

/// What the file says of the account, and of a broker of the user's own.
extension ConfigurationLoader {
    mutating func readCloud(_ section: ConfigurationValue) -> Configuration.Account {
        var cloud = Configuration.Account()
        cloud.region = section["region"]?.text.flatMap { Region(rawValue: $0) } ?? .global
        cloud.tokenFile = section["token_file"]?.text ?? ""
        cloud.interval = section["interval"]?.duration ?? cloud.interval
        cloud.readsReports = section["mqtt"]?.flag ?? true
        cloud.printers = readSerials(section["printers"], at: "cloud.printers")
        cloud.wantsCameras = section["camera_credentials"]?.flag ?? false
        cloud.brokerHost = section["mqtt_host"]?.text
        if let problem = cloud.brokerHost.flatMap(Self.problem(withHost:)) { complain("cloud.mqtt_host", problem) }
        cloud.brokerPort = section["mqtt_port"]?.integer.flatMap { UInt16(exactly: $0) } ?? 8883
        cloud.authorityFile = section["ca_file"]?.text
        if let file = cloud.authorityFile { readAuthorities(file, at: "cloud.ca_file") }
        if let url = section["api_url"]?.text {
            if let problem = Self.problem(withURL: url) { complain("cloud.api_url", problem) }
            cloud.apiURL = url.hasSuffix("/") ? String(url.dropLast()) : url
        }
        return cloud
    }

    mutating func readFaultTexts(_ section: ConfigurationValue) -> Configuration.FaultTexts {
        var texts = Configuration.FaultTexts()
        texts.language = section["language"]?.text.map { $0.lowercased() } ?? texts.language
        if !texts.language.utf8.allSatisfy({ (97...122).contains($0) || $0 == 45 }) || texts.language.utf8.count > 8 {
            complain("fault_texts.language", "expected a language such as en, de or zh-cn")
        }
        texts.file = section["file"]?.text
        if let url = section["url"]?.text {
            if texts.file != nil { complain("fault_texts.url", "give it or file, not both") }
            if let problem = Self.problem(withURL: url) { complain("fault_texts.url", problem) }
            let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
            let slash = url[start...].firstIndex(of: "/") ?? url.endIndex
            (texts.base, texts.path) = (String(url[..<slash]), slash == url.endIndex ? "/" : String(url[slash...]))
        }
        if let file = texts.file, !FileManager.default.isReadableFile(atPath: file) {
            complain("fault_texts.file", "cannot read \(file)")
        }
        return texts
    }

    mutating func readBroker(_ section: ConfigurationValue) -> Configuration.Broker {
        var broker = Configuration.Broker()
        if let host = section["host"]?.text {
            broker.host = host
            if let problem = Self.problem(withHost: host) { complain("broker.host", problem) }
        } else {
            complain("broker", "host is missing; it is the broker's name or address")
        }
        broker.port = section["port"]?.integer.flatMap { UInt16(exactly: $0) } ?? 8883
        broker.user = section["username"]?.text
        readPassword(section, into: &broker)
        broker.security = readSecurity(section)
        broker.topicPrefix = section["topic_prefix"]?.text ?? ""
        if !broker.topicPrefix.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && !"+#".utf8.contains($0) }) {
            complain("broker.topic_prefix", "a topic has neither + nor # in it")
        }
        broker.printers = readSerials(section["printers"], at: "broker.printers")
        return broker
    }

    private mutating func readPassword(_ section: ConfigurationValue, into broker: inout Configuration.Broker) {
        switch (section["password"]?.text, section["password_file"]?.text) {
        case (.some, .some): complain("broker.password", "give password or password_file, not both")
        case (.some(let password), nil): broker.password = Secret(password.trimmed(of: ["\n", "\r"]))
        case (nil, .some(let file)):
            broker.passwordFile = file
            do throws(SecretFile.Unreadable) {
                broker.password = try SecretFile.read(file)
            } catch {
                complain("broker.password_file", error.description)
            }
        case (nil, nil): break
        }
        if broker.password != nil, broker.user == nil {
            complain("broker.username", "is missing; a password is somebody's")
        }
    }

    private mutating func readSecurity(_ section: ConfigurationValue) -> BrokerSession.Settings.Security {
        let tls = section["tls"]
        let file = tls?["ca_file"]?.text
        if let file { readAuthorities(file, at: "broker.tls.ca_file") }
        if section["plain"]?.flag == true {
            if tls != nil { complain("broker.plain", "is true, so tls says nothing; leave out one of them") }
            return .plain
        }
        return tls?["verify"]?.text == "none" ? .unverified : .verified(authorityFile: file)
    }

    private mutating func readSerials(_ list: ConfigurationValue?, at path: String) -> [String]? {
        guard let list else { return nil }
        var serials: [String] = []
        for (index, element) in list.elements.enumerated() {
            guard let serial = element.text else { continue }
            if let problem = Self.problem(withSerial: serial) { complain("\(path)[\(index)]", problem) }
            if serials.contains(serial) { complain("\(path)[\(index)]", "\(serial) is there twice") }
            serials.append(serial)
        }
        return serials
    }

    /// What is wrong with a URL that the token would be sent to.
    private static func problem(withURL text: String) -> String? {
        let example = "expected a URL such as https://api.bambulab.com"
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), url.host() != nil else {
            return example
        }
        guard ["https", "http"].contains(scheme) else { return example }
        guard scheme == "https" || SocketAddress.isLoopback(url.host() ?? "") else {
            return "http is for this machine's own addresses alone, since what is sent can be read on the way; "
                + example
        }
        return url.user() == nil && url.query() == nil && url.fragment() == nil
            ? nil : "it has neither a user nor a query in it; " + example
    }

    /// The token is a secret, and a secret that is missing is an error.
    mutating func checkToken(of cloud: Configuration.Account) {
        guard !cloud.tokenFile.isEmpty else {
            return complain(
                "cloud.token_file", "is missing; name a file for the token, then run: bambu_exporter login")
        }
        var file = TokenFile(cloud.tokenFile)
        if case .unreadable(let reason) = file.read() {
            complain("cloud.token_file", "\(reason). To get a token run: bambu_exporter login")
        }
    }
}
