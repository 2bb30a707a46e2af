import Foundation

enum Base64 {
    static func bytes(of text: String) -> [UInt8]? {
        Data(base64Encoded: text).map(Array.init)
    }
}
