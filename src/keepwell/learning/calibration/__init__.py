"""From scores to chances of loss and amounts at risk, and whether those still hold."""
