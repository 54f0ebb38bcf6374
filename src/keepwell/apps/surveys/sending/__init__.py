"""Invitations, their letters and reminders."""
