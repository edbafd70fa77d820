"""What people are paid for what they brought."""
