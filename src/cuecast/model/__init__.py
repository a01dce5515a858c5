"""The values that the stages hand on: frozen, and pickled between processes."""
