/// The members of reports that never change, by the names of their groups in `report.json`.
///
/// `net.info` is 127.0.0.1 with its lowest byte first; bit 0 of `net.conf` is set for a wired network.
/// `new_version_state` is 1 if there is newer firmware, else 2.
enum ConstantMembers {
    static subscript(_ name: String) -> JSONText { groups[name] ?? "" }

    private static let groups = Dictionary(
        uniqueKeysWithValues: JSONSlice(PackageResources.report_json).members.map { name, group in
            (name, JSONText(fixture: group.bytes.dropFirst().dropLast()))
        })
}
