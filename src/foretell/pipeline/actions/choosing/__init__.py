"""Choosing: what a contact is believed to add, whom past campaigns tell apart, and who is worth a contact."""
