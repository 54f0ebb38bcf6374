"""Dashboards of one's own: begun anew or as a copy, shared with roles, and offered to those who configure."""
