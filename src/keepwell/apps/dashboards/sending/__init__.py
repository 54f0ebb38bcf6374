"""Dashboards by mail on a schedule, made for each recipient under their own rights when the letter leaves."""
