"""The value of an account as metrics: what a survey says in a scorecard."""
