"""What a seat does between two moments that couple it with others: compiled, on its own clock."""
