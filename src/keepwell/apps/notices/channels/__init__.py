"""Channels: Slack and signed webhooks. What is told is enqueued with what it tells of, and sent by a worker."""
