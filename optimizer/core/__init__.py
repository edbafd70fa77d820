"""The core problem and its engines: customers to reps in arrays, whatever rules they came from."""
