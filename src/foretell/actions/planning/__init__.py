"""Planning: what a contact adds, what that is worth, who gets what within the limits, and the plan that says it."""
