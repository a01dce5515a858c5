"""Build again at each save."""
