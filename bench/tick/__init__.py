"""What the loop costs, and what killing it does."""
