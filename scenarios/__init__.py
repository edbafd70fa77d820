"""What may happen: a company's customers, reps, history and settings, as plain data."""
