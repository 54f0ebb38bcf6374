"""Whom to ask: people with what is known of them, those who fit, in order, with the reasons."""
