"""The optimizer: from outcomes to a draft of a scorecard that reads like one written by hand, or a refusal in words."""
