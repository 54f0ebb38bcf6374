"""Results that another tool collected: a file is brought, its columns matched, seen, taken, and taken back."""
