"""Proposals: drafts of a scorecard that the optimizer learned from outcomes, within limits that a person set."""
