"""What the parameters of the generated shop are, in the data that they were fitted to."""
