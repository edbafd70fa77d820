"""Many years: in blocks, on any number of workers, until it is precise enough."""
