"""What the benchmark of imports needs: definitions, files, and the same by hand."""
