"""Specialists beside the reps: what they take, who supports whom, and whether their rules hold."""
