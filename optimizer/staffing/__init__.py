"""How many reps, where, and of which kind."""
