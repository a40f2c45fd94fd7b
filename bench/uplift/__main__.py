"""`python -m bench.uplift`."""

from bench.uplift.run import main

main()
