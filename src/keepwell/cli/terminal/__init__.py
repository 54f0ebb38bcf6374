"""What verbs print with: one kind of thing a file. Nothing here reads definitions or data by itself."""
