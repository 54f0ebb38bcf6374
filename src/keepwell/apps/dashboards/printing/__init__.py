"""Dashboards as pages that stand still: for paper, pictures, letters and pages of others."""
