import CSimulator
import Glibc
import Platform

/// A child process that does not outlive this one.
///
/// The kernel kills it when the thread that started it ends for any reason. Confined to that thread.
final class ChildProcess {
    let id: pid_t
    /// The descriptor of its standard output and error; it reports end of file when the process has ended.
    let output: Int32
    private var isOver = false

    /// - Parameter environment: the only variables of the process, as `NAME=value`.
    init(path: String, arguments: [String], environment: [String]) throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0, let read = ends.first, let write = ends.last else { throw SystemError(errno, "pipe") }
        _ = fcntl(read, F_SETFD, FD_CLOEXEC)
        _ = fcntl(write, F_SETFD, FD_CLOEXEC)
        _ = fcntl(read, F_SETFL, O_NONBLOCK)
        let argumentStrings = ([path] + arguments).map { strdup($0) }
        let environmentStrings = environment.map { strdup($0) }
        defer { for string in argumentStrings + environmentStrings { free(string) } }
        let started = simulator_spawn(path, argumentStrings + [nil], environmentStrings + [nil], write)
        close(write)
        guard started > 0 else {
            close(read)
            throw SystemError(-started, "start \(path)")
        }
        id = started
        output = read
    }

    deinit {
        terminate()
        waitForEnd()
        close(output)
    }

    /// Sends `signal` if the process has not been waited for; afterwards its id may belong to another process.
    func send(_ signal: Int32) {
        guard !isOver else { return }
        kill(id, signal)
    }

    /// Requests termination; `waitForEnd` waits for it.
    func terminate() {
        send(SIGTERM)
        // A stopped process handles SIGTERM only after it continues.
        send(SIGCONT)
    }

    /// Waits up to `timeout` for the process to end, kills it after that, and reaps it.
    func waitForEnd(timeout: Duration = .seconds(2)) {
        guard !isOver else { return }
        let deadline = Instant.now() + timeout
        var status: Int32 = 0
        while waitpid(id, &status, WNOHANG) == 0 {
            if Instant.now() >= deadline {
                kill(id, SIGKILL)
                while waitpid(id, &status, 0) < 0, errno == EINTR {}
                break
            }
            usleep(1000)
        }
        isOver = true
    }
}
