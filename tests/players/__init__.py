"""Real players skip in real tracks: `make test-players`. Each landing is compared with the whole decoded track."""
