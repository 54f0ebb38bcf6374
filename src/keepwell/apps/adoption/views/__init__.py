"""Pages of adoption, a module for each."""
