"""cuecast: a routine is source code; a track is its build."""

__version__ = "0.1.0"
