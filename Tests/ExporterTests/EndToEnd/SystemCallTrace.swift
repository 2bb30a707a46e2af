import Foundation

/// Traces the system calls of a program that change files or start programs, with strace.
struct SystemCallTrace {
    private static let program = "/usr/bin/strace"
    private static let calls =
        "open,openat,openat2,creat,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,"
        + "symlinkat,truncate,mknod,mknodat,chmod,fchmodat,chown,fchownat,utimensat,setxattr,execve,fork,vfork"

    /// Whether strace is installed and allowed to trace a process that is not dumpable.
    static let isPossible = FileManager.default.isExecutableFile(atPath: program) && geteuid() == 0

    private let folder: URL

    init(in folder: TemporaryFolder) throws {
        self.folder = folder.url.appending(path: "trace")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: false)
    }

    /// The prefix that runs a command under strace. The command keeps its process id. Each thread has its own output
    /// file: in a common file, calls may be split over two lines.
    var command: [String] {
        let output = folder.appending(path: "thread").path
        return [Self.program, "-D", "-ff", "-q", "-s", "4096", "-e", "trace=\(Self.calls)", "-o", output]
    }

    /// Returns the successful calls, such as `openat(AT_FDCWD, "/tmp/x", O_WRONLY) = 3`, after the end of the trace.
    func calls() async throws -> [String] {
        func texts() throws -> [String] {
            try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).map {
                try String(contentsOf: $0, encoding: .utf8)
            }
        }
        try await eventually("the trace is complete") {
            let texts = try texts()
            return !texts.isEmpty && texts.allSatisfy { $0.contains("+++ exited with") }
        }
        return try texts().flatMap { $0.split(separator: "\n").map(String.init) }.filter {
            // A sanitizer opens a file of its own at the start.
            !$0.contains(" = -1 ") && !$0.contains(" = ?") && !$0.contains("+++") && !$0.contains("/tsan.")
        }
    }

    /// Filters the calls that change files: all except `execve` and opening for reading.
    static func changes(in calls: [String]) -> [String] {
        calls.filter { call in
            guard call.hasPrefix("open") else { return !call.contains("execve(") }
            return ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_TMPFILE"].contains { call.contains($0) }
        }
    }
}
