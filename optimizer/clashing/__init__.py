"""Plans that cannot be: which rules cannot hold together, and the cheapest ways out."""
