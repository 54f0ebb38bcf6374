"""Correlations: what goes together with leaving and staying, and what that does not say."""
