"""The table that filters run on: one typed column for each attribute, metric and segment, one row an account."""
