import BambuProtocol
import Platform

/// A printer's SSDP announcement on the local network. Source: bambuddy discovery.py.
struct Announcement: Equatable {
    let serial: String
    let host: String
    let name: String
    let model: String
    let firmware: String

    /// The longest packet to read, in bytes.
    static let limit = 4096

    /// Parses an SSDP packet: a NOTIFY, or the response to an M-SEARCH. `nil` for packets of other devices.
    ///
    /// - Parameter sender: the packet's source address, used if the packet contains no address.
    init?(_ packet: [UInt8], from sender: String) {
        guard packet.count <= Self.limit else { return nil }
        var headers: [String: String] = [:]
        let lines = String(decoding: packet, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard let first = lines.first, first.hasPrefix("NOTIFY ") || first.hasPrefix("HTTP/1.1 200") else { return nil }
        for line in lines.dropFirst().prefix(64) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers[line[..<colon].lowercased()] = Self.readable(value)
        }
        let kind = headers["nt"] ?? headers["st"] ?? ""
        guard kind.hasPrefix("urn:bambulab-com:device:3dprinter"), let serial = headers["usn"], !serial.isEmpty else {
            return nil
        }
        self.serial = serial
        host = headers["location"].flatMap { $0.isEmpty ? nil : $0 } ?? sender
        name = headers["devname.bambu.com"] ?? ""
        model = Model(serial: serial)?.name ?? headers["devmodel.bambu.com"] ?? ""
        firmware = headers["devversion.bambu.com"] ?? ""
    }

    /// Removes display controls and limits the length, so that the text is safe to print.
    private static func readable(_ text: Substring) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(128).filter { !$0.isDisplayControl }))
    }

    /// The announcement as an entry for `printers` in a configuration.
    var configuration: String {
        let label = name.isEmpty ? serial : name
        return "    { name: \(label.quoted), serial: \(serial.quoted), host: \(host.quoted), access_code: \"\" },"
    }
}
