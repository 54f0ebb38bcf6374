"""Kinds of activity and rules for candidates as forms, beside their YAML."""
