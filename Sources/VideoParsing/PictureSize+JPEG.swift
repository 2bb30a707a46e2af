extension PictureSize {
    /// The dimensions in the start-of-frame marker of a JPEG picture; `nil` if `bytes`, its beginning, do not contain
    /// them.
    ///
    /// It follows segments that start with their length. Source: ITU-T T.81, annex B.
    init?(inJPEG bytes: [UInt8]) {
        var rest = bytes[...]
        while rest.first == 0xFF {
            rest = rest.drop { $0 == 0xFF }
            guard let code = rest.popFirst() else { return nil }
            switch code {
            // Start of image, restart markers and TEM have no segment.
            case 0xD8, 0xD0...0xD7, 0x01: continue
            // The image data follows start of scan.
            case 0xD9, 0xDA, 0x00: return nil
            default: break
            }
            // Of a frame: two bytes of length, one of precision, two of height, two of width.
            let segment = rest.prefix(7).map { Int($0) }
            guard segment.count >= 2 else { return nil }
            let length = segment[0] << 8 | segment[1]
            // Start of frame; C4, C8 and CC are tables.
            if (0xC0...0xCF).contains(code), ![0xC4, 0xC8, 0xCC].contains(code) {
                guard length >= 7, segment.count == 7 else { return nil }
                self.init(width: segment[5] << 8 | segment[6], height: segment[3] << 8 | segment[4])
                return
            }
            // The length includes its own two bytes.
            guard length >= 2 else { return nil }
            rest = rest.dropFirst(length)
        }
        return nil
    }
}
