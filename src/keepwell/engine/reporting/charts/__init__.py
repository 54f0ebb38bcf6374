"""What each chart asks and shows: a file a chart, each with `queries` and `shown`."""
