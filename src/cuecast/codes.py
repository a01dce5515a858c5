"""The one table of diagnostic codes: what each means, why it matters and how to mend it, in a plain paragraph.

`docs/diagnostics.md` is written from it. Alphabetical; a code that is once published keeps its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CODES: Mapping[str, str] = MappingProxyType(
    {
        "bad-alias": (
            "`*name` stands for what is marked `&name` further up. Here nothing is marked with that name, or the alias "
            "stands inside of what it stands for, which would never end. Mark something above, or write it out. If it "
            "was meant as text, put it in quotes: `say: '*Slowly* now'`."
        ),
        "bad-duration": (
            "This is not a length of time as routines write it. Lengths are whole seconds: `45` or `45s`, `1m30s` or "
            "`1:30`, `2m`, `1h`. There is a range, `30s-60s`, for `work` only. Most near misses, such as `30 secs`, "
            "`1:75` or `1.5m`, are shown with what they probably mean."
        ),
        "bad-field": (
            "Braces in a text hold a field, such as `{side}`, that is filled in when the words are spoken. A brace "
            "that stands alone, or a pair with nothing between, is probably a slip. For a real brace write it twice: "
            "`{{`."
        ),
        "bad-moment": (
            "This is not a moment of the work. Moments are `start`, `half`, `end`, a time after the start (`10s`), a "
            "time before the end (`-10s`), and `every 15s`."
        ),
        "bad-value": (
            "The key is right, but it does not take this. The message says what it takes, and the hint what was "
            "probably meant: `sides: Left` is `sides: left`, `sides: left, right` is `sides: [left, right]`."
        ),
        "curly-quotes": (
            "The quotes around this are those of print, as word processors put them in; a routine knows only straight "
            'ones, and would take these for a part of the words. Type them anew: `title: "Legs"`. Curly quotes '
            "within a text are fine."
        ),
        "duplicate-key": (
            "The same key stands here twice, and only one of the two could count. Delete one. Two cues at one moment "
            "are written as a list: `- {at: half, say: Slowly.}`."
        ),
        "empty-file": (
            "There is nothing in this file, or nothing but comments. `cuecast new NAME` writes a routine to start from."
        ),
        "missing-colon": (
            "A key and its value have a colon and a space between them: `exercise: Calves`, not `exercise Calves`."
        ),
        "missing-key": (
            "Something that can't be left out is not there: a routine has a `title` and `steps`, `rounds` have "
            "`steps`, an entry in a list of cues has `at` and `say`. The hint shows how it is written."
        ),
        "missing-space": (
            "A space is missing after a colon or a dash, so that both sides are read as one word: write `work: 45s`, "
            "not `work:45s`, and `- rest: 30s`, not `-rest: 30s`."
        ),
        "missing-value": (
            "A key stands here with nothing after it, or with no words between its quotes. Write a value, or delete "
            "the line. If the value is meant to stand below, indent it further than its key."
        ),
        "not-text": (
            "This file is something else than text: a document, a picture, a sound. A routine is a plain text file, "
            "as a text editor writes it; `cuecast new NAME` makes one to start from."
        ),
        "not-utf8": (
            "The letters of this file are stored in an old way (UTF-16, Windows-1252, Latin-1), in which accents would "
            "be misread. Save it again as UTF-8: most editors ask for the encoding under “Save as”."
        ),
        "odd-character": (
            "An invisible character stands here. Such come along when text is copied from a page or a document, and a "
            "voice may stumble over them. Delete it; if you can't see it, delete the line and type it anew."
        ),
        "one-step": (
            "Each entry of `steps` begins with `- ` and is exactly one step: `say`, `exercise`, `rest`, `pause` or "
            "`rounds`. If there are two in one entry, give the second a `- ` of its own. If there is none, the line "
            "probably belongs to the step above: write it without the `- `, in line with that step's first word."
        ),
        "syntax": (
            "Something here can't be read: a bracket that is not closed, a line that is neither `key: value` nor an "
            "entry of a list (`- …`). Text that goes on in a second line is indented further than its key."
        ),
        "tabs": (
            "This line is indented with a tab, or with a space of another kind, which look the same as spaces and "
            "count differently from one program to the next. Indent with spaces only, two for each level."
        ),
        "text-needs-quotes": (
            "Some characters have a meaning of their own: a colon with a space after it, a first character such as "
            "`{`, `[`, `*` or a quote, and inside `{ }` a comma too. A text that has them is put in quotes as a whole. "
            'The hint shows the line with the quotes in place: `say: "Remember: breathe"`.'
        ),
        "text-too-long": (
            "A text has at most 1,000 characters: that is about a minute of speech. Divide it into several steps or "
            "cues."
        ),
        "too-deep": ("Lists and keys stand too deep in each other here. Twenty `rounds` in each other are the most."),
        "too-large": ("A routine's file has at most 1 MB, which is far more than a day of it. Is this the right file?"),
        "unclosed-quote": (
            "A text begins with a quote that is never closed, so that all that follows would belong to it. Put the "
            'same quote at its end: `say: "Slowly."`.'
        ),
        "unknown-field": (
            "There is no field of this name. The fields are `{side}`, `{other_side}`, `{exercise}`, `{next}`, "
            "`{work}`, `{round}`, `{rounds}`, `{number}` and `{count}`, in small letters and without spaces."
        ),
        "unknown-key": (
            "A key of this name has no meaning in this place, and would be passed over without a word; so it is an "
            "error. It may be misspelt (`wrok`), have a capital letter (`Sides`), or be in the wrong place: the hint "
            "says where it belongs."
        ),
        "unsupported-yaml": (
            "YAML, in which routines are written, has some parts that only programs need: `<<`, words that begin with "
            "`!`, lines that begin with `%`, a second document after `---`. None of them means anything here. "
            "Write it out, or put it in quotes if it is text."
        ),
        "words-lost": (
            "A `#` with a space before it begins a comment, so the words from there on would never be spoken. Put the "
            'text in quotes: `say: "Set #1 is easy"`. If it is a comment, put two spaces before the `#` and one after.'
        ),
        "wrong-indent": (
            "Keys that belong together stand at the same distance from the left, and so do the dashes of a list. This "
            "line stands somewhere between. The hint says how many spaces it needs."
        ),
        "wrong-type": (
            "A list or a set of keys stands where a single value is wanted, or the other way round: `say` takes words, "
            "`steps` takes a list, `defaults` takes keys. If it is meant as text, put it in quotes."
        ),
    }
)
"""What each code means."""
