"""Questions about a plan: why, at what price, and what a move by hand does."""
