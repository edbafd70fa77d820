"""Trade-offs: points between goals, with bounds."""
