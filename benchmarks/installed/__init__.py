"""An installation of its own for benchmarks: a database, a data folder, and processes beside them."""
