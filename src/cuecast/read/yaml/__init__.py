"""YAML text → nodes with their places. Faults of the text are corrected in memory, so that all are reported at once."""
