"""CSV files that people bring in the browser: matched, tried, taken, and taken back."""
