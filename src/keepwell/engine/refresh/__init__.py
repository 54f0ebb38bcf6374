"""Values of a later moment from the state of an earlier one: only rows that came in are read from the facts."""
