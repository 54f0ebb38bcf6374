"""What if: figures of another card at once, from values of the past that are kept for those who were looked at."""
