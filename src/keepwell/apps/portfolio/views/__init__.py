"""Pages about the whole portfolio, a module for each."""
