"""Reports of proposals: as plain values for other programs, and as a page that stands by itself."""
