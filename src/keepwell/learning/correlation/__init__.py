"""Correlation: what goes together with leaving and staying. None of it is a cause by itself."""
