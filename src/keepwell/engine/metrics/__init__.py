"""What is asked of a backend: expressions, facts, and the plan of metrics as Ibis. Nothing is executed here."""
