"""`python -m bench.early_value`."""

from bench.early_value.run import main

main()
