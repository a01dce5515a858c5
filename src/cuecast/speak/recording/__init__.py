"""A voice of one's own: takes, script, checks."""
