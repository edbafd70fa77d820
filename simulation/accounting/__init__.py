"""What a year's journal adds up to."""
