"""A dashboard with a widget of every kind over the small company, and one that cannot be shown."""

from __future__ import annotations

EVERYTHING = """\
dashboards:
  everything:
    title: Everything
    period: 28 days
    filters:
      csm: {title: CSM, of: csm}
      red: {title: Only red, where: label = 'red'}
    widgets:
      number: {chart: number, dataset: accounts, measure: sum(arr), compare: previous_period}
      line: {chart: line, dataset: logins, by: week, measures: {logins: sum(count)}, compare: previous_period}
      bar: {title: Customers by band, chart: bar, dataset: accounts, by: label, measures: {customers: count()}}
      stacked: {chart: stacked, dataset: logins, by: week, split: account.csm, measures: {logins: sum(count)}}
      heat: {chart: heatmap, dataset: accounts, rows: name, measures: {score: max(score), days: max(active_days)}}
      spread: {chart: distribution, dataset: accounts, of: score}
      funnel:
        chart: funnel
        dataset: accounts
        steps: {known: {where: "true"}, fine: {where: score >= 50}}
      cohort: {chart: cohort, dataset: logins, start: started_on, period: 24 months, grain: quarter}
      table: {chart: table, dataset: accounts, columns: {csm: csm}, measures: {arr: sum(arr)}, limit: 1}
      scatter: {chart: scatter, dataset: accounts, x: max(score), y: max(arr), color: label}
      sankey: {chart: sankey, dataset: scores, period: 7 days}
      tasks: {chart: number, dataset: tasks, measure: count(), period: all}
      gone: {chart: number, dataset: tickets, measure: {aggregate: count(), where: was_there = 1}}
"""
