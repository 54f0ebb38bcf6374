"""What the customer meets: the gate, the code, the page."""
