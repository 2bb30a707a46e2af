import Glibc
import Reactor
import Testing

@testable import HTTP

/// In processes of their own, as descriptors belong to all of a process.
@Suite("Running out of descriptors")
struct DescriptorTests {
    @Test func `the longest idle client makes room for a new one`() async {
        await #expect(processExitsWith: .success) {
            try await withServer { running in
                let idle = try running.client()
                #expect(try idle.get().status == 200)
                let taken = TakenDescriptors()
                let new = try running.client()
                #expect(try new.get().status == 200)
                #expect(idle.isEnded())
                #expect(running.rejections(.descriptors) == 1)
                taken.giveBack()
            }
        }
    }

    @Test func `with nobody to close the server pauses, does not spin, and goes on`() async {
        await #expect(processExitsWith: .success) {
            try await withServer { running in
                let taken = TakenDescriptors()
                let new = try running.client()
                new.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(!new.hears(within: 250))
                taken.giveBack()
                #expect(try new.answer().status == 200)
                #expect((1...100).contains(running.rejections(.descriptors)))
            }
        }
    }
}

/// All descriptors that this process may have, but one.
struct TakenDescriptors {
    private let descriptors: [Int32]

    init() {
        var limit = rlimit(rlim_cur: 64, rlim_max: 64)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        var taken: [Int32] = []
        while true {
            let descriptor = open("/dev/null", O_RDONLY)
            guard descriptor >= 0 else { break }
            taken.append(descriptor)
        }
        if let last = taken.popLast() { close(last) }
        descriptors = taken
    }

    func giveBack() {
        for descriptor in descriptors { close(descriptor) }
    }
}
