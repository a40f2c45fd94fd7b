"""What the loop does when it is due; each file holds duties of one kind."""
