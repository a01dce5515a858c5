"""`batch`: the tracks of a catalogue, each the work of a pure function of values, on any `concurrent.futures.Executor`.

    manifest ─matrix─▶ cells ─(what is up to date is left)─▶ jobs ─engine, executor─▶ outcomes

`matrix` says which tracks there are, `job` makes one of them in whatever process, `engine` hands them out and survives
the loss of workers, `pool` and `cluster` are the executors.
"""
