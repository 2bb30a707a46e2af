// The settings that users change. Every threshold of the rules and of the dashboards is here, and only here.
{
  _config:: {
    // The labels that identify one printer. If several Prometheus servers are merged, add 'cluster' to exporterLabels.
    exporterLabels: ['job', 'instance'],
    printerLabels: self.exporterLabels + ['printer'],
    // The address of a runbook is this, followed by the name of the alert in lower case.
    runbooks: 'https://github.com/bambu-exporter/bambu_exporter/blob/main/docs/runbooks.md#',
    // Jobs whose targets are exporters even if they have never answered, in upper or lower case.
    exporterJobs: '(?i).*bambu.*',
    // Alerts that are off by default. Switch the first one on only if every printer has tls.verify "ca".
    optional: { certificates: false, firmwareUpdates: false },

    // Connections drop from time to time: readings of AMS and filament are kept for this long.
    gap: '15m',
    // How long the alerts remember the readings of a printer that is switched off, the last state of a lost printer, and a unit that was
    // removed.
    memory: '1d',
    memorySeconds: 86400,
    // The evaluation interval of rules that cover a day or more. Shorter than five minutes, after which a sample is stale.
    slowInterval: '3m',
    // How long an exporter is remembered if its job does not match exporterJobs.
    exporterMemory: '30d',
    restarts: { count: 3, window: '1h' },
    rejected: { count: 5, window: '1h' },

    // A printer is lost while printing if its state was reported within this time before it became unreachable, and if the exporter
    // answered all the time.
    lostWithin: '5m',
    // From this number on, printers lost at once are one event, such as a power cut.
    lostTogether: 3,
    stalledWindow: '1h',
    // A nozzle that is this far below its target for this long does not heat.
    coldNozzle: { celsius: 30, window: '20m' },
    finishedWindow: '15m',

    // HMS messages that need no action: a refused command of another program, doors and lids, the check of the first layer, air
    // purification, maintenance reminders, a slot that ran out and has a backup.
    hmsIgnored: [
      'HMS_0500_0500_0001_0007',
      'HMS_0C00_0300_0003_000B',
      'HMS_0300_A700_0003_0001',
      'HMS_0500_0400_0003_0057',
      'HMS_0300_9[6-9]00_0003_0001',
      'HMS_0500_0400_0003_0008',
      'HMS_0300_9E00_0003_0001',
      'HMS_0500_0500_0003_0002',
      'HMS_0501_0400_0003_.{4}',
      'HMS_(07|12|18).{2}_2[0-3]00_0003_000[12]',
    ],
    // Codes that are not errors: states, codes that remain after a cancel or a pause by the user, codes without a meaning, refusals that do
    // not affect the running job, guided loading and unloading.
    printErrorsIgnored: [
      '.{5}[0-3].{3}',
      '0300_400C', '0500_400E',
      '0300_8001', '0300_8013',
      '0500_C011', '0500_8030', '0502_400[7-9A-C]', '0C00_8002', '0300_8012',
      '0500_4001', '0500_4004', '0500_4040', '0500_404[23]', '0502_C010', '0502_C014',
      '0500_40(1[0-35-9A-F]|2[0-9A-C])', '0501_4.{3}',
      '(07|18)F[EF]_(8006|8007|C006|C009|C00A)', '07F[EF]_C01[0-2]', '12FF_(8007|C003)',
      '0500_8079', '0300_8054', '0300_4067',
    ],

    telemetrySilenceSeconds: 120,
    certificateDays: 30,
    tokenDays: 14,
    failedWindow: '15m',

    nozzle: { celsius: 320, hotTargetCelsius: 305, aboveTargetCelsius: 15, targetWindow: '15m' },
    bed: { celsius: 130, aboveTargetCelsius: 10, targetWindow: '1h' },

    humidityPercent: { warning: 40, critical: 60 },
    // 5 is driest, 1 wettest.
    humidityIndex: 2,
    amsCelsius: 35,
    // For this long after drying, filament and unit are warm and give off water.
    afterDrying: '2h',
    desiccantPercent: 30,
    dryingFinishedWindow: '15m',

    filamentPercent: { dashboard: 20, low: 10, inUse: 5 },
    // In a print with several filaments, a slot is in use if it has fed the print within this time.
    inUseWindow: '15m',
    rateWindow: '1h',
    rateKnownFor: '45m',
    // A plan that started this much earlier than the job belongs to another job.
    planAgeSeconds: 1800,

    cameraDisabledWindow: '15m',
    cameraFramesPerSecond: { jpeg: 0.2, rtsp: 5 },
  },
}
