"""Preparing, sending and looking back, for those who work with the account."""
