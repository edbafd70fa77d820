"""A rep's calls: on whom, how often, in which week and on which day."""
