"""`python -m bench.policy`: what our own campaigns do to forecasts, with and without a policy that knows of them."""

from bench.policy.run import main

main()
