"""`python -m bench.speed`."""

from bench.speed.run import main

main()
