"""One folder a kind of source: `spec.py` says what is filled in, `source.py` has `check`, `streams` and `read`."""
