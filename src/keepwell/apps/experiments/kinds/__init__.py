"""Kinds of questions that can be asked of the past: one module each, named in `registry`."""
