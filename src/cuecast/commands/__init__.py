"""Use cases that stand on the pipeline, or begin with finished tracks. The command line calls them."""
