"""An installation with events flowing through it."""
