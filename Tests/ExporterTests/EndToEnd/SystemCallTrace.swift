import Foundation

/// What a program asked of the kernel to change files and to start programs, written down by strace.
struct SystemCallTrace {
    private static let program = "/usr/bin/strace"
    private static let calls =
        "open,openat,openat2,creat,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,"
        + "symlinkat,truncate,mknod,mknodat,chmod,fchmodat,chown,fchownat,utimensat,setxattr,execve,fork,vfork"

    /// Whether there is a strace, and whoever runs the tests may look into a program that allows nobody of its own to.
    static let isPossible = FileManager.default.isExecutableFile(atPath: program) && geteuid() == 0

    private let folder: URL

    init(in folder: TemporaryFolder) throws {
        self.folder = folder.url.appending(path: "trace")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: false)
    }

    /// What runs another command under strace; the command stays the process that was started. Every thread has a file of
    /// its own: in one for all, calls are written down in two halves.
    var command: [String] {
        let output = folder.appending(path: "thread").path
        return [Self.program, "-D", "-ff", "-q", "-s", "4096", "-e", "trace=\(Self.calls)", "-o", output]
    }

    /// The successful calls, such as `openat(AT_FDCWD, "/tmp/x", O_WRONLY) = 3`, once strace has written the last.
    func calls() async throws -> [String] {
        func texts() throws -> [String] {
            try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).map {
                try String(contentsOf: $0, encoding: .utf8)
            }
        }
        try await eventually("the trace is whole") {
            let texts = try texts()
            return !texts.isEmpty && texts.allSatisfy { $0.contains("+++ exited with") }
        }
        return try texts().flatMap { $0.split(separator: "\n").map(String.init) }.filter {
            // A sanitizer that this was built with has a file of its own at the start.
            !$0.contains(" = -1 ") && !$0.contains(" = ?") && !$0.contains("+++") && !$0.contains("/tsan.")
        }
    }

    /// Those that change a file: one of another kind than opening, and opening for anything but reading.
    static func changes(in calls: [String]) -> [String] {
        calls.filter { call in
            guard call.hasPrefix("open") else { return !call.contains("execve(") }
            return ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_TMPFILE"].contains { call.contains($0) }
        }
    }
}
