import JSONScanning

/// What this process knows of one printer from its messages: what they say, and what was counted on the way.
package struct Printer: Sendable {
    /// Why a message was not used.
    package enum Rejection: String, CaseIterable, Sendable {
        /// It is not JSON.
        case json
        /// It is larger than `messageLimit`.
        case oversize
        /// It is JSON, but not an object, or its `print` is not one.
        case shape
    }

    /// What one message was.
    package struct Receipt: Sendable, Equatable {
        /// Whether it is a report of state, which shows that the printer is there.
        package var isReport = false
        /// Whether that report tells everything.
        package var isFull = false
        /// Whether reports before it were lost.
        package var isAfterLoss = false
        /// Whether it is a version answer.
        package var isVersion = false
        /// Whether the printer came to the cloud's broker, or left it.
        package var presence: Presence?
        package var rejection: Rejection?
    }

    /// A message above this size is not read. The largest report seen has 14 200 bytes.
    package static let messageLimit = 1 << 20

    package let serial: String
    /// What overrules the serial number and the printer's own word.
    package let configuredModel: Model?
    /// The model, from the serial's prefix until the printer says it.
    package private(set) var model: Model
    /// What the reports said; `nil` before the first, and after `forget`.
    package private(set) var state: PrinterState?
    package private(set) var firmware = Firmware()
    package private(set) var jobs = JobTracker()
    package private(set) var filament = FilamentTracker()
    package private(set) var stateTimes: StateTimes
    package private(set) var printTimes = PrintTimes()
    /// Messages on the report topic, of whatever kind.
    package private(set) var messages = 0
    package private(set) var messageBytes = 0
    package private(set) var rejectedMessages: [Rejection: Int] = [:]
    package private(set) var rejectedFields = 0
    /// When the last report of state came, in seconds since 1970.
    package private(set) var lastReport: Double?
    private var sequence: Int?
    private var forgottenJob: Job?

    /// A printer that is down after 90 s of silence.
    package init(serial: String, model: Model? = nil) {
        self.init(serial: serial, model: model, staleAfter: 90)
    }

    /// - Parameters:
    ///   - model: overrules what the serial number and the printer say.
    ///   - staleAfter: seconds of silence after which the printer is down.
    package init(serial: String, model: Model?, staleAfter: Double) {
        self.serial = serial
        configuredModel = model
        self.model = model ?? Model(serial: serial) ?? .unknown
        stateTimes = StateTimes(longestSpan: staleAfter)
    }

    /// The job of the last report that told its state, also after `forget`; `nil` before the first report.
    package var lastJob: Job? {
        if let job = state?.job, job.state != nil { return job }
        return forgottenJob ?? state?.job
    }

    /// Takes in one message of the report topic. A message that is not JSON changes nothing but the counts.
    ///
    /// - Parameter time: seconds since 1970.
    package mutating func apply(_ payload: UnsafeRawBufferPointer, at time: Double) -> Receipt {
        messages += 1
        messageBytes += payload.count
        guard payload.count <= Self.messageLimit else { return reject(.oversize) }
        var section = PrintSection(state ?? PrinterState(of: model))
        let message: Message
        do {
            message = try Message(payload, into: &section)
        } catch {
            return reject(.json)
        }
        rejectedFields += message.rejectedFields
        var receipt = message.isMisshapen ? reject(.shape) : Receipt()
        receipt.presence = message.presence
        if let modules = message.modules {
            firmware.apply(modules)
            model = configuredModel ?? firmware.model ?? model
            learnModel()
            receipt.isVersion = true
        }
        if message.isReport {
            receipt.isReport = true
            receipt.isFull = section.isFull
            receipt.isAfterLoss = takeSequence(section.sequence)
            lastReport = time
            if receipt.isAfterLoss { jobs.interrupt() }
            take(&section, at: time)
        }
        return receipt
    }

    /// Takes in the state as a report leaves it.
    private mutating func take(_ section: inout PrintSection, at time: Double) {
        if section.hasAMS { section.state.ams.learnKinds(from: firmware, on: model) }
        section.state.job.take(section.course, isNew: false, at: time)
        let isOtherJob = jobs.observe(section.state.job, isNamed: section.namesJob, at: time)
        if isOtherJob { section.state.job.take(section.course, isNew: true, at: time) }
        stateTimes.observe(section.state.job.state ?? .unknown, at: time)
        printTimes.observe(section.state.toolhead)
        let news = news(in: section.state)
        if section.hasAMS || !news.isEmpty {
            let isUnderWay = state?.job.state?.isActive == true
            filament.observe(section.state.ams, fedFrom: isUnderWay ? state?.activeFeed(on: model) : nil, news: news)
        }
        if section.state.toolhead.rack.isFitted, configuredModel == nil, firmware.model == nil {
            model = model.withRack
        }
        // Exchanged and not copied, for a copy is counted in every array and text of it.
        if state?.exchange(&section.state) == nil { state = section.state }
    }

    /// The messages that were not active before.
    private func news(in new: PrinterState) -> [HMSMessage] {
        guard let messages = new.hms, messages != state?.hms else { return [] }
        return messages.filter { state?.hms?.contains($0) != true }
    }

    /// Tells the state what the modules say of the printer.
    private mutating func learnModel() {
        state?.ams.learnKinds(from: firmware, on: model)
        state?.ams.learn(isOfKnownModel: model.isKnown)
        state?.toolhead.learn(nozzleCount: model.nozzleCount)
    }

    /// Counts a message that was too large to be delivered.
    package mutating func rejectOversize() {
        messages += 1
        _ = reject(.oversize)
    }

    private mutating func reject(_ reason: Rejection) -> Receipt {
        rejectedMessages[reason, default: 0] += 1
        return Receipt(rejection: reason)
    }

    /// Notes the running number of a report. P1 and A1 count by one; X1 and later say the same number always; a
    /// printer that restarts begins anew. Only a jump ahead is a loss.
    private mutating func takeSequence(_ number: Int?) -> Bool {
        defer { sequence = number ?? sequence }
        guard let number, let sequence else { return false }
        return number > sequence && number - 1 != sequence
    }

    /// The connection was lost: what comes next need not follow what came last.
    package mutating func interrupt() {
        sequence = nil
        jobs.interrupt()
    }

    /// Forgets the merged state, because reports may have been missed for too long. Counts, firmware and the last job stay.
    package mutating func forget() {
        forgottenJob = lastJob
        state = nil
        interrupt()
    }

    /// Decides what was waiting for a later report, if it waited long enough.
    package mutating func settle(at time: Double) {
        jobs.settle(at: time)
    }
}
