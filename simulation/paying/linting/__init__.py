"""What is wrong with an incentive scheme, found by paying somebody for everything that may be sold."""
