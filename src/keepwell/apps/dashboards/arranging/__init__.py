"""Where widgets stand on the grid of a dashboard, and how they are moved."""
