"""Acting on a run: who may be reached, what it is worth, the plan of a playbook."""
