"""What we decide: who serves whom, and who is asked for how much."""
