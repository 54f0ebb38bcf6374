"""The application, in tiers: imports go down only, news goes up as named jobs."""
