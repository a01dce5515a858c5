"""What a track carries beside its sound: ID3 tag, chapters, picture, timeline and routine."""
