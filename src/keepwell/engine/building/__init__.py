"""Facts to values: which rows count at a moment is asked of the backend, the answers become columns by entity."""
