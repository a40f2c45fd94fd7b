"""`python -m bench.tick`: what a day costs, and what killing ticks does."""

from bench.tick.run import main

main()
