"""`python -m bench.sources`."""

from bench.sources.run import main

main()
