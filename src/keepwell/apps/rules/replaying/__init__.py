"""How often a rule would have acted in the last year, and how many of those accounts left: made by a worker."""
