"""Labelled sets as project folders, other methods on the same rows, and companies whose drivers are known."""
