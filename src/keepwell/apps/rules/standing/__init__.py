"""What rules look at, put together from runs, history and records: one table, a row an account."""
