"""What a track carries besides its sound."""
