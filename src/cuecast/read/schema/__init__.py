"""The tables of keys: what a routine, a voice and a manifest may hold."""
