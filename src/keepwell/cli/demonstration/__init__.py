"""The steps of `keepwell demo`, in order: a company, its history, who is at risk, one account, how the score did."""
