import Glibc
import Testing

@testable import HTTP

/// Each test runs in a process of its own, because the descriptor limit applies to a whole process.
@Suite("Running out of descriptors")
struct DescriptorTests {
    @Test func `the connection idle for longest is closed for a new client`() async {
        await #expect(processExitsWith: .success) {
            try await withServer { running in
                let idle = try running.client()
                #expect(try idle.get().status == 200)
                let taken = TakenDescriptors()
                let new = try running.client()
                #expect(try new.get().status == 200)
                #expect(idle.isEnded())
                #expect(running.rejections(.descriptors) == 1)
                taken.release()
            }
        }
    }

    @Test func `accepting pauses if no connection can be closed, then resumes`() async {
        await #expect(processExitsWith: .success) {
            try await withServer { running in
                let taken = TakenDescriptors()
                let new = try running.client()
                new.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(!new.isReadable(within: 250))
                taken.release()
                #expect(try new.answer().status == 200)
                #expect((1...100).contains(running.rejections(.descriptors)))
            }
        }
    }
}

/// Takes all but one of the descriptors that this process may have.
struct TakenDescriptors {
    private let descriptors: [Int32]

    init() {
        // The process may have inherited descriptors of tests that run at the same time.
        let first = open("/dev/null", O_RDONLY)
        var limit = rlimit(rlim_cur: rlim_t(first) + 32, rlim_max: rlim_t(first) + 32)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        var taken = [first]
        while true {
            let descriptor = open("/dev/null", O_RDONLY)
            guard descriptor >= 0 else { break }
            taken.append(descriptor)
        }
        if let last = taken.popLast() { close(last) }
        descriptors = taken
    }

    func release() {
        for descriptor in descriptors { close(descriptor) }
    }
}
