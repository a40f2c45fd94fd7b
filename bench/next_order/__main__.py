"""`python -m bench.next_order`."""

from bench.next_order.run import main

main()
