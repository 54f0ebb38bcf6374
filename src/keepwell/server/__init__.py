"""Wiring of the application: settings, addresses, processes. No business rule lives here."""
