"""The stages of a customer's life: accounts move by criteria, and milestones are reached or late."""
