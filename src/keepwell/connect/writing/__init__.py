"""Rows written to other places: one file a target, each with SPEC and `write`."""
