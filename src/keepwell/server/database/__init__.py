"""PostgreSQL as Django speaks it, with less said between the two for each page."""
