/// The cost of bcrypt hashes. The work doubles with each step.
enum BcryptCost {
    /// Parses the cost: two digits between the second and the third dollar sign.
    static func of(_ hash: String) -> Int? {
        let parts = hash.split(separator: "$")
        return parts.count == 3 ? Int(parts[1]) : nil
    }

    /// The costs of further checks after the check of `hash`, so that all of them take as long as one of `highest`:
    ///
    /// 2^c + 2^c + 2^(c+1) + … + 2^(highest-1) is 2^highest.
    static func missing(to highest: Int, after hash: String?) -> [Int] {
        guard let own = hash.flatMap(of) else { return highest >= 4 ? [highest] : [] }
        return own < highest ? Array(own..<highest) : []
    }

    /// A hash of this cost that no known password has.
    static func decoy(of cost: Int) -> String {
        "$2b$\(cost < 10 ? "0" : "")\(cost)$......................................................".prefix(60)
            .description
    }
}
