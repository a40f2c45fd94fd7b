"""`python -m bench.simulate`: what the loop truly earns, promises, sees and misses on generated shops."""

from bench.simulate.run import main

main()
