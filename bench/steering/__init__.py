"""Bench of steered plans: what choosing by each customer's own effect earns beside choosing by the average."""
