"""What comes of it: a plan played through a year, many times, with luck."""
