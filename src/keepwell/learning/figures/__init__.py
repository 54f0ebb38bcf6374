"""Figures: pure functions of arrays, each answer with its interval and numbers, or the reason why there is none."""

from keepwell.learning.figures.figure import Figure, Numbers, unknown

__all__ = ["Figure", "Numbers", "unknown"]
