"""`batch`: all tracks that a manifest lists, made on every core of this machine or on a Dask cluster.

    manifest ─matrix─▶ TrackSpec ─items─▶ BatchItem ─job─▶ Job ─runner, workers─▶ JobResult ─▶ TrackReport

`run` is the use case. `matrix` lists the tracks, `items` finds those that are not up to date, `job` makes one track in
any process, `runner` hands out jobs and survives lost workers; `workers` and `cluster` execute them.
"""
