"""A classifier trained on a team's own texts that carry a score."""
