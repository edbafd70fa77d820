"""`python -m evenfield` is the command line."""

from evenfield.cli import main

main()
