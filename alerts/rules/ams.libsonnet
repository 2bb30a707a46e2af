// Humidity, temperature and drying of AMS units.
function(c, words)
  local a = import '../alert.libsonnet';
  local e = (import '../expressions.libsonnet')(c);
  local w = words { labels:: c.printerLabels };
  local printer = '{{ $labels.printer }}';
  local ams = 'AMS ' + w.unit + ' of ' + printer;
  local humidity(severity, percent) = a.alert(
    'BambuAMSHumidityHigh', severity, '30m',
    a.lines([e.held('bambu_ams_humidity_raw_percent'), '> %d' % percent, e.notDrying, e.notEmpty]),
    ams + ' is at ' + w.number() + ' % humidity',
    'Above ' + percent + ' % filament takes up water. Dry the filament, renew the desiccant, and check that the lid closes.'
  );
  [
    humidity('warning', c.humidityPercent.warning),
    humidity('critical', c.humidityPercent.critical),
    a.alert(
      'BambuAMSHumidityIndexLow', 'warning', '30m',
      a.lines([
        e.held('bambu_ams_humidity_index'),
        '<= %d' % c.humidityIndex,
        'unless %s %s' % [e.unit, e.held('bambu_ams_humidity_raw_percent')],
        e.notDrying,
        e.notEmpty,
      ]),
      ams + ' is damp: index ' + w.number() + ' of 5',
      '5 is driest, 1 wettest. Dry the filament, renew the desiccant, and check that the lid closes.'
    ),
    a.alert(
      'BambuAMSTemperatureHigh', 'warning', '30m',
      a.lines(['%s > %d' % [e.last('bambu_ams_temperature_celsius'), c.amsCelsius], e.notDrying]),
      ams + ' is at ' + w.number() + ' °C, and is not drying',
      'Above ' + c.amsCelsius + ' °C some filament softens and jams. Open the lid, and move the unit away from the printer or the sun.'
    ),
    a.alert(
      'BambuAMSDesiccantExhausted', 'info', '1h',
      a.lines([
        'min_over_time(bambu_ams_humidity_raw_percent[1d]) > %d' % c.desiccantPercent,
        '# Not within the first day of readings.',
        'and %s count_over_time(bambu_ams_humidity_raw_percent[1d] offset 23h)' % e.unit,
        '# Not for a unit that left.',
        'and %s %s' % [e.unit, e.last('bambu_ams_humidity_raw_percent')],
        e.notDrying,
        e.notEmpty,
      ]),
      ams + ' has not been below ' + w.number() + ' % humidity for a day',
      'Its desiccant is used up. Renew it, or dry it as its maker describes.',
      isSlow=true
    ),
    a.alert(
      'BambuAMSDryingFinished', 'info', null,
      a.lines([
        e.last('bambu_ams_drying_active') + ' == 0',
        'and %s max_over_time(bambu_ams_drying_active[%s]) == 1' % [e.unit, c.dryingFinishedWindow],
      ]),
      ams + ' is done drying',
      'Drying finished or was stopped. The unit is still warm; its alerts for heat and humidity start again after %s.' % c.afterDrying
    ),
    a.alert(
      'BambuAMSVanished', 'warning', '10m',
      a.lines([
        'max without (model, serial, firmware, nozzle) (',
        '  last_over_time(bambu_ams_info[%s])' % c.memory,
        '  # Not a unit that has another number or feeds another printer now, of any exporter.',
        '  unless on (serial) bambu_ams_info{serial!=""}',
        ')',
        'unless %s bambu_ams_info' % e.unit,
        'and %s bambu_up == 1' % e.printer,
      ]),
      ams + ' no longer reports',
      'The printer reports, but the unit does not. Check its cable and its power. If it was removed, the alert ends within %s.' % c.memory,
      isSlow=true
    ),
  ]
