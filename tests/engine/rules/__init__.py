"""Deciding what rules do."""
