import CShim

/// The variables that the process was started with.
package enum EnvironmentVariables {
    package static var all: [String: String] {
        var variables: [String: String] = [:]
        var entry = shim_environment()
        while let text = entry?.pointee {
            let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            entry = entry?.successor()
        }
        return variables
    }
}
