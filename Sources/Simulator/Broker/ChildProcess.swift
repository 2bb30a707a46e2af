import CSimulator
import Glibc
import Reactor

/// A program started by this one, which does not outlive it.
///
/// The kernel kills it when the thread that started it ends, however that comes about. Confined to that thread.
final class ChildProcess {
    let id: pid_t
    /// Where both its outputs arrive; at its end when the process is gone.
    let output: Int32
    private var isOver = false

    /// - Parameter environment: `NAME=value`; it gets no other variables.
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

    /// Sends `signal`, while the process has not been waited for: its id may be another's afterwards.
    func send(_ signal: Int32) {
        guard !isOver else { return }
        kill(id, signal)
    }

    /// Asks it to end; `waitForEnd` waits for it.
    func terminate() {
        send(SIGTERM)
        // A stopped process takes its SIGTERM when it continues.
        send(SIGCONT)
    }

    /// Waits at most `patience` for it to end by itself, kills it where it does not, and buries it.
    func waitForEnd(patience: Duration = .seconds(2)) {
        guard !isOver else { return }
        let deadline = Instant.now() + patience
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
