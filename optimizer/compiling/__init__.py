"""From tables and rules to the core problem: pairs, costs, hours, fair shares."""
