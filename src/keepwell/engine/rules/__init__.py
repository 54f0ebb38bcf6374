"""Deciding what rules do: from values, scores, history and state to what should be done, and nothing is done here.

needs -> columns (one table, a row an account) -> matches -> decide -> firings, intents with reasons, the next state.
All of it is a pure function of its arguments: no clock, no chance but keyed hashes, nothing kept in between.
"""
