"""A scored run as lists and totals: whose score, how much revenue, which band. Read from the engine's results only."""
