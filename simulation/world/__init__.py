"""The world a plan is played in: customers, seats and their working time, as arrays."""
