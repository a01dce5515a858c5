"""The table of limits in docs/security.md: each figure is the constant that the code obeys, and each row names its test."""

from __future__ import annotations

from typing import NamedTuple

from cuecast.batch.matrix import MAX_TRACKS
from cuecast.expand import MAX_MS
from cuecast.importers import text as imported
from cuecast.library.patterns import MAX_DEEP
from cuecast.mix.music.loading import LONGEST_MS as LONGEST_MUSIC_MS
from cuecast.model import custom_tone, limits
from cuecast.read import files
from cuecast.read.yaml.compose import MAX_DEPTH, MAX_REREAD
from cuecast.read.yaml.patched_source import MAX_FAULTS
from cuecast.serve import IDLE_S
from cuecast.serve.connections import MAX_PER_CLIENT
from cuecast.speak import download, speaker, worker
from cuecast.speak.engines.command import CommandEngine
from cuecast.speak.processes import MEMORY_MB, START_LIMIT_S
from cuecast.tags import artwork, bundle, reader, timeline_frame

MB = 1_000_000


class Limit(NamedTuple):
    """A row: what is limited, how much is the most, what happens beyond (a diagnostic's code, or words), which test."""

    what: str
    most: str
    beyond: str
    test: str


LIMITS = (
    Limit(
        "a file of text: a routine, exercise, voice or manifest",
        f"{limits.MAX_BYTES // MB} MB",
        "`too-large`",
        "tests/read/test_bytes.py::test_a_file_that_is_too_large",
    ),
    Limit(
        "a routine with all that it includes",
        f"{files.MAX_TOTAL_BYTES // MB} MB, {files.MAX_FILES} files",
        "`too-many-files`",
        "tests/read/test_files_of_a_routine.py::test_files_and_steps_are_bounded_together_and_it_is_said_once",
    ),
    Limit(
        "depth",
        f"{files.MAX_NESTING} rounds or files, {MAX_DEPTH} levels of YAML",
        "`too-deep`",
        "tests/read/test_files_of_a_routine.py::test_how_deep_files_go",
    ),
    Limit(
        "steps, with all rounds and sides",
        f"{files.MAX_STEPS:,}",
        "`too-many-steps`, before anything is unrolled",
        "tests/test_security.py::test_what_would_never_end_is_refused_at_once",
    ),
    Limit(
        "the length of a track",
        f"{MAX_MS // 3_600_000} hours",
        "`too-long`",
        "tests/test_security.py::test_what_would_never_end_is_refused_at_once",
    ),
    Limit(
        "the text of a cue, setup, name or title",
        f"{limits.MAX_TEXT:,} characters",
        "`text-too-long`",
        "tests/test_security.py::test_what_would_never_end_is_refused_at_once",
    ),
    Limit(
        "a lexicon",
        f"{limits.MAX_LEXICON} words of {limits.MAX_SPELLING} characters",
        "`bad-value`, `text-too-long`",
        "tests/read/test_sounds.py::test_a_lexicon_is_bounded",
    ),
    Limit(
        "faults that are reported",
        f"{MAX_FAULTS:,}",
        "`too-many-faults`: the file is read no further",
        "tests/read/test_reading.py::test_of_very_many_faults_the_first_are_told",
    ),
    Limit(
        "text that is read again after corrections",
        f"{MAX_REREAD:,} characters",
        "`too-many-faults`: the file is read no further",
        "tests/read/test_growth.py::test_a_broken_file_is_read_no_longer_than_the_largest_that_is_right",
    ),
    Limit(
        "words of one utterance",
        f"{limits.MAX_SPEECH_S} s of sound, after figures are written out",
        "`too-long-to-speak`; in `check` a warning, by an estimate",
        "tests/speak/test_engines.py::test_words_that_are_too_long_are_errors_at_their_lines",
    ),
    Limit(
        "a word of an utterance",
        f"{speaker.MAX_WORD} letters and digits",
        "`too-long-to-speak`",
        "tests/speak/test_engines.py::test_words_that_are_too_long_are_errors_at_their_lines",
    ),
    Limit(
        "the time of a process that speaks",
        f"{START_LIMIT_S:.0f} s to load; {speaker.TIME_LIMIT_S:.0f} s for an utterance, and as much for each 200 characters",
        "it is ended and tried once more; then exit 3",
        "tests/speak/test_faults.py::test_a_failure_is_tried_again_in_a_fresh_process_then_reported",
    ),
    Limit(
        "the memory of a process that speaks",
        f"{MEMORY_MB} MB more than when its voice is loaded, looked at ten times a second; "
        f"{CommandEngine.memory_mb / 1000:g} GB with the programs of `engine: command`",
        "it is ended and tried once more; then exit 3",
        "tests/speak/test_faults.py::test_a_failure_is_tried_again_in_a_fresh_process_then_reported",
    ),
    Limit(
        "a file that a process that speaks writes",
        f"{worker.MAX_FILE >> 20} MB",
        "as above",
        "tests/speak/test_faults.py::test_a_failure_is_tried_again_in_a_fresh_process_then_reported",
    ),
    Limit(
        "a file that `voices get` fetches",
        f"{download.MAX_FILE_BYTES >> 30} GB, and no more than is free on the disk",
        "exit 3",
        "tests/cli/test_voices_get.py::test_a_disk_that_fills_up_while_a_voice_is_fetched",
    ),
    Limit(
        "music",
        f"{LONGEST_MUSIC_MS // 3_600_000} hours are decoded, in parts of 30 s; {limits.MAX_RECORDINGS} files of a folder",
        "it begins again; `too-many-files`",
        "tests/music/test_recordings.py::test_a_very_long_music_begins_anew",
    ),
    Limit(
        "a tone of one's own",
        f"{custom_tone.MAX_FILE // MB} MB",
        "`bad-tone`",
        "tests/test_library.py::test_no_more_of_a_tone_is_read_than_it_may_be_large",
    ),
    Limit(
        "a picture",
        f"{artwork.MAX_BYTES // MB} MB, and the pixels that Pillow takes",
        "exit 2",
        "tests/tags/test_artwork.py::test_a_picture_that_would_fill_the_memory_is_not_unpacked",
    ),
    Limit(
        "a file to import",
        f"{imported.MAX_FILE_BYTES // MB} MB, of which {imported.MAX_BYTES // MB} MB is text",
        "`bad-import`",
        "tests/importers/test_importers.py::test_what_is_refused",
    ),
    Limit(
        "notes and workout text to import",
        f"{imported.MAX_LINES:,} lines, {imported.MAX_NOTES:,} characters",
        "`bad-import`",
        "tests/importers/test_growth.py::test_what_nobody_types_is_refused_at_once",
    ),
    Limit(
        "a track's tag",
        f"{reader.MAX_BYTES >> 20} MB, compressed frames another {reader.MAX_BYTES >> 20} MB together",
        "what is beyond is left out, with a note",
        "tests/tags/test_reader.py::test_compressed_frames_expand_to_a_bound",
    ),
    Limit(
        "frames and texts of a tag",
        f"{reader.MAX_ITEMS:,}",
        "what is beyond is left out, with a note",
        "tests/tags/test_reader.py::test_the_number_of_frames_and_texts_is_bounded",
    ),
    Limit(
        "the routine within a track",
        f"{bundle.MAX_BYTES >> 20} MB",
        "the track counts as one without it",
        "tests/tags/test_bundle.py::test_what_is_none",
    ),
    Limit(
        "the timeline within a track",
        f"{timeline_frame.MAX_BYTES >> 20} MB",
        "the track counts as one without it",
        "tests/tags/test_timeline_frame.py::test_bytes_that_are_no_json",
    ),
    Limit(
        "a manifest",
        f"{limits.MAX_LISTED:,} entries a list, {MAX_TRACKS:,} tracks",
        "`too-many-tracks`, before any is looked up",
        "tests/batch/test_matrix.py::test_too_many_tracks",
    ),
    Limit(
        "a pattern of a manifest",
        f"`**` {MAX_DEEP} times",
        "`unknown-routine`",
        "tests/test_security.py::test_no_pattern_of_a_manifest_takes_long",
    ),
    Limit(
        "a client of `serve`",
        f"{MAX_PER_CLIENT} connections",
        "its oldest one that waits is ended",
        "tests/serve/test_serving.py::test_half_sent_requests_lock_nobody_out",
    ),
    Limit(
        "`serve` without a request for a file",
        f"{IDLE_S / 3600:g} hours",
        "it ends",
        "tests/serve/test_serving.py::test_it_stops_by_itself",
    ),
)


def limit_rows() -> str:
    """The table as Markdown."""
    rows = ["| what | most | beyond it | test |", "|---|---|---|---|"]
    rows += [f"| {each.what} | {each.most} | {each.beyond} | `{each.test}` |" for each in LIMITS]
    return "\n".join(rows) + "\n"
