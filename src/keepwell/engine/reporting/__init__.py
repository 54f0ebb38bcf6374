"""Reports: widgets of dashboards over one catalogue of tables, as queries and their results. No clock, no web."""
