// What people tune. Every threshold of the rules and of the dashboards stands here, and only here.
{
  _config:: {
    // What tells one printer from all others. Where several Prometheus servers meet, add 'cluster' to exporterLabels.
    exporterLabels: ['job', 'instance'],
    printerLabels: self.exporterLabels + ['printer'],
    // Put before the name of an alert to make its runbook's address.
    runbooks: 'docs/runbooks.md#',

    // A link drops now and then: readings of AMS and filament outlive such a gap.
    gap: '15m',
    // How often the readings within the gap are looked at.
    gapStep: '1m',
    // These alerts fire on for so long, so that switching a printer off at night does not send "resolved".
    keepFiring: '1h',
    // How far back to look for an exporter that is gone, and for what a lost printer did last.
    memory: '1d',

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
    // Filament and unit are warm and give off water for so long after drying.
    afterDrying: '2h',
    desiccantPercent: 30,
    dryingFinishedWindow: '15m',

    filamentPercent: { dashboard: 20, low: 10, inUse: 5 },
    // How long ago a slot may have fed a print of several filaments, to be in use.
    inUseWindow: '15m',
    rateWindow: '1h',
    rateKnownFor: '45m',
    // What a full spool weighs where the printer does not say.
    spoolGrams: 1000,
    // A plan that began so much before the job is another job's.
    planAgeSeconds: 1800,

    cameraFramesPerSecond: { jpeg: 0.2, rtsp: 5 },
  },
}
