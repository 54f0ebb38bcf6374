"""Facts at rest: raw files, Delta tables, the catalogue, and the one door through which queries run."""
