"""`python -m bench.steering`: what choosing by each customer's own effect earns, where the truth is planted."""

from bench.steering.run import main

main()
