"""Customers that were asked and have answered, and the same questions to the database by hand."""
