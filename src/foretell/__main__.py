"""`python -m foretell`: the command line without its script."""

from foretell.cli.main import main

main()
