"""`python -m bench.flat`."""

from bench.flat.run import main

main()
