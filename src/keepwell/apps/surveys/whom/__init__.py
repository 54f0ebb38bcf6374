"""Whom a survey asks: people, what they were asked before, and the decision about each."""
