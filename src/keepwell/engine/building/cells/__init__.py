"""Cells to aggregates: arrays of what was reduced once, put together for each moment."""
