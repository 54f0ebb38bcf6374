"""Results as people see them: charts as options for the island, and the same numbers as a table."""
