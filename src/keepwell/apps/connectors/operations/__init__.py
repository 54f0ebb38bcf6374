"""Writes of connectors: each is permission, rule, change and audit in one transaction."""
