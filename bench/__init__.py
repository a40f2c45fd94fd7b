"""What `make bench` measures: speed and memory, as ratios in one run against code that one would otherwise write."""
