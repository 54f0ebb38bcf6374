"""Pages of dashboards, a module for each."""
