// Filament left on spools.
function(c, words)
  local a = import '../alert.libsonnet';
  local e = (import '../expressions.libsonnet')(c);
  local w = words { labels:: c.printerLabels };
  local printer = '{{ $labels.printer }}';
  [
    a.alert(
      'BambuFilamentLow', 'info', '10m',
      e.named(a.lines([
        e.held('bambu_ams_tray_remaining_percent'),
        '< %d' % c.filamentPercent.low,
        e.present,
      ])),
      w.slot + ' of ' + printer + ' has ' + w.number() + ' % left',
      'Have another spool ready.'
    ),
    a.alert(
      'BambuFilamentLowInUse', 'warning', '1m',
      e.named(a.lines([
        '%s < %d' % [e.last('bambu_ams_tray_remaining_percent'), c.filamentPercent.inUse],
        'and %s max_over_time(bambu_ams_tray_active[%s]) == 1' % [e.slot, c.inUseWindow],
        e.running,
        e.present,
      ])),
      w.slot + ' of ' + printer + ' feeds the print and has ' + w.number() + ' % left',
      'The print pauses when the spool is empty'
      + w.lookup('bambu_print_remaining_seconds{}', 'value | humanizeDuration', '; the print takes another ')
      + '. Have another spool ready.'
    ),
    a.alert(
      'BambuFilamentRunsOutBeforeEnd', 'warning', '10m', (import '../runs-out.libsonnet')(c),
      w.slot + ' of ' + printer + ' will run out before the print ends: ' + w.number() + ' g are missing',
      'The print pauses when the spool is empty'
      + w.lookup('bambu_print_remaining_seconds{}', 'value | humanizeDuration', '; the print takes another ')
      + '. Have another spool of the same filament ready, or put it into a free slot and switch auto-refill on.'
    ),
  ]
