"""Many moments from one reading: rows are reduced once to cells, from which every moment is put together."""
