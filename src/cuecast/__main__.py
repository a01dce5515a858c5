"""`python -m cuecast` is `cuecast`."""

from cuecast.cli import main

main()
