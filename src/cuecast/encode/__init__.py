"""PCM to sound files."""
