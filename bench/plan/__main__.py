"""`python -m bench.plan`: what a plan costs, and how near it comes to the best there is."""

from bench.plan.run import main

main()
