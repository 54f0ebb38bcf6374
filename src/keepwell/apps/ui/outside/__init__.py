"""Pages for people who do not sign in: links that nobody guesses, answers that tell nothing, and limits to guessing."""
