"""Health: checks of the data and of the models, each with advice."""
