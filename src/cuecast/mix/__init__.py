"""Timeline and clips to PCM of any window."""
