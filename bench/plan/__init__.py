"""Planning a million customers, beside a greedy rule and a linear program of the whole."""
