// Cameras.
function(c, words)
  local a = import '../alert.libsonnet';
  local e = (import '../expressions.libsonnet')(c);
  local w = words { labels:: c.printerLabels };
  local reason = w.fact(
    'topk by (%s) (1, increase(bambu_camera_probe_failures_total{}[30m]) > 0) > bool 0' % e.printerLabels, 'reason'
  );
  local printer = '{{ $labels.printer }}';
  [
    a.alert(
      'BambuCameraDown', 'warning', '10m',
      a.lines([
        'bambu_camera_up == 0',
        'and %s bambu_up == 1' % e.printer,
        '# Live view that is switched off is a setting.',
        'unless %s increase(bambu_camera_probe_failures_total{reason="disabled"}[%s]) > 0' % [e.printer, c.cameraDisabledWindow],
      ]),
      'The camera of ' + printer + ' sends no picture' + reason.text(': '),
      'Check on the printer that the camera is connected and that LAN live view is on, if the model has it.',
      facts=[reason]
    ),
    a.alert(
      'BambuCameraFrozen', 'warning', '10m',
      a.lines(['bambu_camera_frozen == 1', e.running]),
      'The camera of ' + printer + ' repeats one picture',
      'A print runs, but its picture does not change. Look at the printer; restart it after the print.'
    ),
    a.alert(
      'BambuCameraSlow', 'info', '15m',
      std.join('\nor\n', [
        '(bambu_camera_frames_per_second and %s bambu_camera_info{protocol="%s"}) < %s'
        % [e.printer, protocol, '%g' % c.cameraFramesPerSecond[protocol]]
        for protocol in std.objectFields(c.cameraFramesPerSecond)
      ]),
      'The camera of ' + printer + ' sends ' + w.number('%.1f') + ' frames a second',
      'Cameras of this kind send more. Check the Wi-Fi signal; a busy printer also slows its camera.'
    ),
  ]
