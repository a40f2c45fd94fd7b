"""Commands on the file of a randomised experiment."""
