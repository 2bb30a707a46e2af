// One alert rule.
{
  lines(list):: std.join('\n', [std.rstripChars(line, '\n') for line in list]) + '\n',

  // - wait: how long the expression must hold; null for no time.
  // - keep: how long the alert keeps firing after the expression is no longer true.
  // - isSlow: whether the expression covers a day or more, so that it is evaluated less often.
  // - facts: labels of other series that the texts use; see words.libsonnet.
  alert(name, severity, wait, expr, summary, description, keep=null, facts=[], isSlow=false):: function(runbooks) {
    alert: name,
    expr: if std.length(std.findSubstr('\n', expr)) > 0 then std.rstripChars(expr, '\n') + '\n' else expr,
    [if wait != null then 'for']: wait,
    [if keep != null then 'keep_firing_for']: keep,
    labels: { severity: severity },
    annotations: { summary: summary, description: description, runbook_url: runbooks + std.asciiLower(name) },
    facts:: facts,
    isSlow:: isSlow,
  },
}
