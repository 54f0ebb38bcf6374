"""Scores between runs: what comes in counts within seconds."""
