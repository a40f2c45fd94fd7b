"""`python -m bench.intake`: what reading costs, beside an earlier commit."""

from bench.intake.run import main

main()
