"""Dashboards and widgets as forms, and the report builder: what is typed, what it means in YAML, what it shows."""
