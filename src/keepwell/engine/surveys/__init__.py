"""Surveys: the way through one, its results, whom to ask, and its answers as facts. Nothing here reads a clock."""
