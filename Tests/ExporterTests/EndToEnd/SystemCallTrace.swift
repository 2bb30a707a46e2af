import Foundation

/// What a program asked of the kernel to change files and to start programs, written down by strace.
struct SystemCallTrace {
    private static let program = "/usr/bin/strace"
    private static let calls =
        "open,openat,openat2,creat,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,"
        + "symlinkat,truncate,mknod,mknodat,chmod,fchmodat,chown,fchownat,utimensat,setxattr,execve,fork,vfork"

    /// Whether there is a strace, and whoever runs the tests may look into a program that allows nobody of its own to.
    static let isPossible = FileManager.default.isExecutableFile(atPath: program) && geteuid() == 0

    private let file: String

    init(in folder: TemporaryFolder) {
        file = folder.url.appending(path: "trace").path
    }

    /// What runs another command under strace; the command stays the process that was started.
    var command: [String] { [Self.program, "-D", "-f", "-q", "-s", "4096", "-e", "trace=\(Self.calls)", "-o", file] }

    /// The successful calls, such as `openat(AT_FDCWD, "/tmp/x", O_WRONLY) = 3`, once strace has written the last.
    func calls() async throws -> [String] {
        try await eventually("the trace is whole") {
            try String(contentsOfFile: file, encoding: .utf8).contains("+++ exited with")
        }
        return try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init).filter {
            !$0.contains(" = -1 ") && !$0.contains(" = ?") && !$0.contains("+++")
        }
    }

    /// Those that change a file: one of another kind than opening, and opening for anything but reading.
    static func changes(in calls: [String]) -> [String] {
        calls.filter { call in
            guard call.contains(" open") else { return !call.contains("execve(") }
            return ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_TMPFILE"].contains { call.contains($0) }
        }
    }
}
