"""Answers of widgets for one person: facts and records as one set of tables, rights inside every query, limits."""
