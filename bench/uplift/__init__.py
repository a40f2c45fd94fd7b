"""What acting on uplift earns, beside named peers."""
