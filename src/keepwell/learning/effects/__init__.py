"""What treatments did: from a ledger of who was treated and held out, scores and metrics over time, and outcomes."""
