"""Uplift on a file of an experiment: from the file to effects, decision and results."""
