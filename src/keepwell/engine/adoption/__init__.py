"""Adoption: who uses what, how often, and who stays.

A relation of usage (`relation.usage`) becomes days of use (`days.DaysOfUse`), of which everything over time is NumPy:
active users, stickiness, retention, lifecycle. What looks at single events (funnels, paths) or at features is SQL for
DuckDB, run through the one door. Nothing here reads the clock: the last day is an argument, and it is marked partial
where it is the current one.
"""
