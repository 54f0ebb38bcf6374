"""Scores that people enter against what became of the accounts."""
