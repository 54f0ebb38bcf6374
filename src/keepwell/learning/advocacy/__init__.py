"""Advocacy against health, retention and expansion: as it looks, and among accounts that were alike before."""
