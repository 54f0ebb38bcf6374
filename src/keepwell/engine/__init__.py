"""Definitions and facts to values, scores and explanations. No clock, no settings, no files.

run = score(project, source, as_of=date(2026, 10, 31))      # keepwell.engine.run; source: keepwell.lake.data.open_data
tidy(run.scores)                                            # keepwell.engine.tidy; Arrow, a row for each node
explain(project, run.values, run.scores, "A1")              # keepwell.engine.explain
"""
