"""Deciding: rules are set in motion, and what follows is written down in one transaction; doing comes after."""
