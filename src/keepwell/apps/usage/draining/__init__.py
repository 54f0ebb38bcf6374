"""From the inbox to the lake: every message once, by the hand of one process."""
