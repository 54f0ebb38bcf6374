"""Advocacy, worked out: points with decay, standings of people and accounts, limits, rows of facts. No clock."""
