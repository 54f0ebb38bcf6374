"""What the benchmark of pages needs: a portfolio, a server, people who ask."""
