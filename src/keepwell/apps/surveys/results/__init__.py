"""Results of surveys: what answers come to, over time and by segment, and the words behind them."""
