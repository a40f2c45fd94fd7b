"""The whole loop on the generated shop, week by week, against what is planted in it."""
