"""A shop that never was: customers drawn from a known truth, written in the shape of a business's own exports."""
