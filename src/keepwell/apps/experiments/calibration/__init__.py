"""From scores to chances of loss and revenue at risk, and whether they hold."""
