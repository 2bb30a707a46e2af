import BambuMetrics
import Glibc

/// Reads the kernel's metrics of this process. Source: getrusage(2), proc(5).
enum ProcessMetrics {
    static func read() -> ExporterSnapshot.Process {
        var process = ExporterSnapshot.Process()
        var usage = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            process.cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        }
        let pages = fields(of: "/proc/self/statm").map { $0.map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) } }
        if pages.count > 1 { (process.virtualBytes, process.residentBytes) = (pages[0], pages[1]) }
        process.startTime = startTime
        process.openDescriptors = openDescriptors()
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            process.maximumDescriptors = Double(limit.rlim_cur)
        }
        return process
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    /// When the process started, in seconds since 1970.
    private static let startTime: Double? = {
        let boot = text(of: "/proc/stat").split(separator: "\n").first { $0.hasPrefix("btime ") }
        // The name in parentheses may contain spaces and parentheses; the fields after it contain none. The start is
        // field 22; the first field after the name is the third.
        let stat = fields(in: text(of: "/proc/self/stat").split(separator: ")").last ?? "")
        guard let boot = boot.flatMap({ fields(in: $0).last ?? nil }), stat.count > 19, let start = stat[19] else {
            return nil
        }
        return boot + start / Double(sysconf(Int32(_SC_CLK_TCK)))
    }()

    private static func fields(of path: String) -> [Double?] { fields(in: text(of: path)[...]) }

    /// The numbers between spaces; `nil` for a field that is not a number.
    private static func fields(in line: Substring) -> [Double?] {
        line.utf8.split(separator: UInt8(ascii: " ")).map { Double(Substring($0)) }
    }

    private static func openDescriptors() -> Double? {
        // Since Linux 6.2 the size of the directory is the number of descriptors.
        var status = stat()
        if stat("/proc/self/fd", &status) == 0, status.st_size > 0 { return Double(status.st_size) }
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // Not counted: `.`, `..` and the descriptor that reads the directory.
        return Double(max(0, count - 3))
    }

    private static func text(of path: String) -> String {
        (try? FileReading.bytes(of: path, limit: 16 << 20)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
