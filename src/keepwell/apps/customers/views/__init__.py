"""Pages about customers, a module for each."""
