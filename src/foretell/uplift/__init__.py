"""Whom contact changes: learners of effects, their proof, and the worth of acting on them."""
