"""What people write: how they feel about it, and what it is about. Nothing here calls out."""
