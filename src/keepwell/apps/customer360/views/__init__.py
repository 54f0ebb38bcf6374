"""Pages about one customer, and the first page of the day."""
