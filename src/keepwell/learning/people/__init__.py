"""What people said of scores and entered by hand, beside what became of the accounts."""
