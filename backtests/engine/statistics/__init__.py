"""How much of a result is luck: the statistics of metrics.md section 3."""
