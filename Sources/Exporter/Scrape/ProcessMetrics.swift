import BambuMetrics
import Glibc

/// Reads the kernel's metrics of this process. Source: proc(5).
enum ProcessMetrics {
    static func read() -> ExporterSnapshot.Process? {
        guard let stat = text(of: "/proc/self/stat"), let end = stat.lastIndex(of: ")") else { return nil }
        // The name in parentheses may contain spaces and parentheses; the fields after it contain none.
        let fields = stat[stat.index(after: end)...].split(separator: " ").map { Double($0) }
        func field(_ number: Int) -> Double? {
            // proc(5) counts from 1, and the first field after the name is the third.
            fields.indices.contains(number - 3) ? fields[number - 3] : nil
        }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        var process = ExporterSnapshot.Process()
        if let user = field(14), let system = field(15) { process.cpuSeconds = (user + system) / ticks }
        process.virtualBytes = field(23)
        process.residentBytes = field(24).map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }
        if let boot = bootTime, let start = field(22) { process.startTime = boot + start / ticks }
        process.openDescriptors = openDescriptors()
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            process.maximumDescriptors = Double(limit.rlim_cur)
        }
        return process
    }

    /// The time of the system's start, in seconds since 1970.
    private static let bootTime: Double? = {
        guard let stat = text(of: "/proc/stat") else { return nil }
        let line = stat.split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line?.split(separator: " ").last.flatMap { Double($0) }
    }()

    private static func openDescriptors() -> Double? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // Not counted: `.`, `..` and the descriptor that reads the directory.
        return Double(max(0, count - 3))
    }

    private static func text(of path: String) -> String? {
        (try? FileReading.bytes(of: path, limit: 16 << 20)).map { String(decoding: $0, as: UTF8.self) }
    }
}
