"""Pages of those who answer: no sign-in, no script, no cookie; the link is the key."""
