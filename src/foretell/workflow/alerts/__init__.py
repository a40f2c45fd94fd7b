"""Alerts: raised after a run, kept, listed and sent."""
