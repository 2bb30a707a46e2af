import Platform

/// The video in an SDP session description. Source: RFC 4566; RFC 6184, 8.2; RFC 7798, 7.1.
package struct SessionDescription: Sendable, Equatable {
    package let codec: VideoCodec
    package let payloadType: UInt8
    /// The control URL of the video: absolute or relative; empty for the URL of the description itself.
    package let control: String
    /// The dimensions; `nil` if only the stream contains them.
    package let size: PictureSize?

    /// Parses the first video of a description.
    package init(_ text: String) throws(StreamViolation) {
        let lines = text.split { $0 == "\r\n" || $0 == "\n" }
        guard let start = lines.firstIndex(where: { $0.hasPrefix("m=video ") }) else {
            throw StreamViolation("it describes no video")
        }
        let section = lines[start...].dropFirst().prefix { !$0.hasPrefix("m=") }
        let formats = lines[start].split(separator: " ").dropFirst(3)
        // Index the attributes by payload type, so that each line is read once. The first attribute of a kind wins.
        var mappings: [Substring: Substring] = [:]
        var parameters: [Substring: Substring] = [:]
        var control: Substring?
        for line in section where line.hasPrefix("a=") {
            let parts = line.dropFirst(2).split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "rtpmap": Self.keepFirst(parts[1], in: &mappings)
            case "fmtp": Self.keepFirst(parts[1], in: &parameters)
            case "control": control = control ?? parts[1]
            default: break
            }
        }
        let named = formats.compactMap { format in
            mappings[format]?.split(separator: " ").last?.split(separator: "/").first.map { (format: format, name: $0) }
        }
        let found = named.lazy.compactMap { format, name -> (codec: VideoCodec, type: UInt8, format: Substring)? in
            let type = UInt8(format).flatMap { $0 < 128 ? $0 : nil }
            return VideoCodec(rawValue: name.uppercased()).flatMap { codec in type.map { (codec, $0, format) } }
        }.first
        guard let found else {
            let name = named.first?.name.prefix(20) ?? "not named"
            throw StreamViolation("its video is \(name), neither H264 nor H265")
        }
        codec = found.codec
        payloadType = found.type
        self.control = control.map(String.init) ?? ""
        size = parameters[found.format].flatMap { Self.size(in: $0, of: found.codec) }
    }

    /// Stores an attribute by its payload type, unless there is already one.
    private static func keepFirst(_ value: Substring, in table: inout [Substring: Substring]) {
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, table[parts[0]] == nil else { return }
        table[parts[0]] = parts[1]
    }

    private static func size(in parameters: Substring, of codec: VideoCodec) -> PictureSize? {
        let key = codec == .h264 ? "sprop-parameter-sets=" : "sprop-sps="
        for part in parameters.split(whereSeparator: { $0 == ";" || $0 == " " }) where part.hasPrefix(key) {
            for set in part.dropFirst(key.count).split(separator: ",") {
                guard let unit = Base64.bytes(of: set), let first = unit.first else { continue }
                guard codec.unit(first) == .sequenceParameters else { continue }
                return SequenceParameterSet.size(in: unit, of: codec)
            }
        }
        return nil
    }
}
