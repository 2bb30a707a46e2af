/// The mechanics of a printer, which prints one job after another with breaks.
///
/// It has no dependency on the wire format or on a clock.
package struct Machine: Sendable {
    /// The length of a simulation step in seconds; fixed, so that a run does not depend on how often it advances.
    package static let step = 2.0

    package let model: PrinterModel
    package private(set) var random: SeededGenerator
    /// Seconds since the printer was switched on.
    package private(set) var uptime = 0.0

    package private(set) var state = State.idle
    /// Wire: `stg_cur` during a job; `nil` otherwise.
    package private(set) var stage: Stage?
    package private(set) var job: Job?
    /// The printed fraction of the job, 0 to 1.
    package private(set) var part = 0.0
    /// The downloaded part of the file, in percent.
    package private(set) var download = 0
    /// Wire: `print_error`; 0 if there is no error.
    package private(set) var error = 0
    package private(set) var messages: [HealthMessage] = []
    /// The number of jobs so far, including the current one.
    package private(set) var jobs = 0

    package private(set) var nozzles: [Heater]
    package private(set) var bed = Heater(inertia: 60, ambient: 24)
    package private(set) var chamber = Heater(inertia: 1200, ambient: 26)
    package private(set) var filament: FilamentSystem
    package private(set) var fittings = Fittings()
    /// The Wi-Fi signal, in dBm.
    package private(set) var signal: Int

    /// Seconds until the current phase (a stage, a print, a pause or a break) ends.
    private var left: Double
    private var preparations: ArraySlice<Stage> = []
    /// The error that appears some seconds after a print was cancelled.
    private var lateError: (code: Int, left: Double)?
    private var hasAppliedCourse = false

    /// - Parameter units: if `nil`, the units that come with the model.
    package init(model: PrinterModel, units: [AMSUnit.Kind]? = nil, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let facts = model.facts
        self.model = model
        nozzles = (0..<facts.nozzles).map { _ in Heater(inertia: 40, ambient: 25) }
        filament = FilamentSystem(
            units: AMSUnit.units(units ?? facts.units, of: model, random: &random),
            external: facts.external.map { _ in random.happens(0.5) ? .random(using: &random) : nil })
        signal = -Int(random.number(in: 38...66))
        left = random.number(in: 20...300)
        self.random = random
    }

    /// Advances in whole steps to `seconds` since the printer was switched on.
    package mutating func advance(to seconds: Double) {
        while uptime + Self.step <= seconds { tick() }
    }

    private mutating func tick() {
        uptime += Self.step
        for index in nozzles.indices { nozzles[index].advance(Self.step, random: &random) }
        bed.advance(Self.step, random: &random)
        chamber.advance(Self.step, random: &random)
        filament.advance(Self.step, random: &random)
        if random.happens(0.3) { signal = min(-30, max(-75, signal + Int(random.number(in: -1.9...1.9)))) }
        if var late = lateError {
            late.left -= Self.step
            lateError = late.left > 0 ? late : nil
            if late.left <= 0 { error = late.code }
        }
        if stage == .downloading { download = Int(100 * (1 - max(0, left) / Stage.downloading.seconds)) }
        left -= Self.step
        if isPrinting { progress() }
        if left <= 0 { startNextPhase() }
    }

    private mutating func progress() {
        guard let job else { return }
        part = min(1, part + Self.step / job.seconds)
        fittings.print(Self.step, with: activeNozzle)
        if !filament.consume(job.grams * Self.step / job.seconds) { return runOut() }
        updateWarning(of: job)
        let tray = job.tray(at: part)
        let hasOwnFeed = filament.now >= 254 && filament.target == filament.now
        if part < 1, tray != filament.target, !hasOwnFeed { changeFilament(to: tray) }
        if part >= job.turningPoint, !hasAppliedCourse, job.course != .finishes {
            hasAppliedCourse = true
            applyCourse(job.course)
        }
        if part >= 1 { end(.finish) }
    }

    private mutating func updateWarning(of job: Job) {
        guard let warning = job.warning else { return }
        if part >= warning + 0.1 {
            messages = []
        } else if part >= warning, messages.isEmpty {
            messages = [part < 0.2 ? .firstLayer(since: clock) : .plate(since: clock)]
        }
    }

    private mutating func applyCourse(_ course: Job.Course) {
        switch course {
        case .finishes: break
        case .pausedByUser: pause(.pausedByUser, for: random.number(in: 120...1200))
        case .runsOut: runOut()
        case .fails: apply(.fail)
        case .cancelled: apply(.cancel)
        }
    }

    private mutating func changeFilament(to tray: Int) {
        filament.setTarget(tray)
        stage = .changingFilament
        left = 80
    }

    private mutating func pause(_ reason: Stage, for seconds: Double) {
        state = .pause
        stage = reason
        left = seconds
    }

    private mutating func runOut() {
        filament.consume(.infinity)
        let place = filament.loaded
        // 0700_8011: the filament in an AMS slot ran out; an AMS Lite reports 1200_8006.
        error = place?.unit.kind == .amsLite ? 0x1200_8006 : 0x0700_8011
        messages = [.ranOut(unit: place?.unit.id ?? 0, slot: place?.slot ?? 0, since: clock)]
        pause(.pausedByRunOut, for: random.number(in: 300...1800))
    }

    private mutating func startNextPhase() {
        switch state {
        case .idle, .finish, .failed:
            start(Job.random(number: jobs + 1, trays: filament.usable, using: &random))
        case .prepare:
            prepareNext()
        case .running where stage == .changingFilament:
            filament.load()
            heat(nozzle: activeNozzle)
            stage = .printing
        case .running:
            break
        case .pause:
            if stage == .pausedByRunOut { filament.refill(using: &random) }
            state = .running
            stage = .printing
            error = 0
            messages = []
        }
    }

    private mutating func start(_ job: Job) {
        jobs += 1
        self.job = job
        part = 0
        download = 0
        error = 0
        lateError = nil
        messages = []
        hasAppliedCourse = false
        state = .prepare
        preparations = [.downloading, .heatingBed, .homing, .heatingNozzle, .leveling, .cleaningNozzle]
        prepareNext()
    }

    private mutating func prepareNext() {
        guard let job else { return }
        if stage == .downloading { download = 100 }
        guard let next = preparations.popFirst() else {
            state = .running
            stage = .printing
            if job.tray(at: 0) != filament.now { changeFilament(to: job.tray(at: 0)) }
            return
        }
        stage = next
        left = next.seconds
        if next == .heatingBed { bed.target = 60 }
        if next == .heatingNozzle { heat(nozzle: activeNozzle) }
        if next == .leveling, model.facts.hasChamberSensor { chamber.target = 45 }
    }

    private mutating func heat(nozzle active: Int) {
        for index in nozzles.indices { nozzles[index].target = index == active ? 220 : 120 }
    }

    private mutating func end(_ state: State) {
        self.state = state
        stage = nil
        for index in nozzles.indices { nozzles[index].target = 0 }
        bed.target = 0
        chamber.target = 0
        filament.unload()
        filament.swapSpools(using: &random)
        left = random.number(in: 240...2400)
    }

    package mutating func apply(_ command: Command) {
        switch command {
        case .print(let job): start(job)
        case .pause:
            if state == .running { pause(.pausedByUser, for: .infinity) }
        case .resume:
            if state == .pause { startNextPhase() }
        case .cancel:
            guard isBusy else { return }
            messages = []
            end(.failed)
            part = 0
            error = 0
            // The error code of a cancelled print follows some seconds after the state.
            lateError = (0x0300_400C, 4)
        case .fail:
            guard isBusy else { return }
            error = 0x0300_8003  // the camera saw spaghetti
            end(.failed)
        case .runOut:
            if state == .running { runOut() }
        case .dry(let unit, let celsius, let hours): filament.dry(unit: unit, celsius: celsius, hours: hours)
        case .fit(let change): change(&fittings)
        case .dryFirst(let celsius, let hours): filament.dry(unit: nil, celsius: celsius, hours: hours)
        case .setHumidity(let percent): filament.setHumidity(percent)
        case .putSpool(let left): filament.putSpool(left: left, using: &random)
        case .failPrint:
            if !isBusy { start(.plain(number: jobs + 1, tray: filament.usable.first ?? 254)) }
            apply(.fail)
        }
    }

    private var isBusy: Bool { state == .prepare || state == .running || state == .pause }
}
