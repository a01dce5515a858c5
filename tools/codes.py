"""The one table of diagnostic codes: what each means, why it matters and how to correct it, in a plain paragraph.

`docs/diagnostics.md` is written from it. Alphabetical; a code that is once published keeps its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CODES: Mapping[str, str] = MappingProxyType(
    {
        "announcement-dropped": (
            "Something that the compiler would say by itself (`announce`) has no room: the gap is too short, "
            "or a cue of yours sounds at that moment. Your cues and the name of the next exercise come first. It is "
            "left out; nothing else changes. Lengthen the gap, or leave it out of `announce`."
        ),
        "bad-alias": (
            "`*name` repeats what is marked `&name` further up. Here nothing is marked with that name, or the alias "
            "is inside of what it repeats, which would never end. Mark something above, or write it out. If it "
            "was meant as text, put it in quotes: `say: '*Slowly* now'`."
        ),
        "bad-duration": (
            "This is not a length of time as routines write it. Lengths are whole seconds: `45` or `45s`, `1m30s` or "
            "`1:30`, `2m`, `1h`. There is a range, `30s-60s`, for `work` only. Most near misses, such as `30 secs`, "
            "`1:75` or `1.5m`, are shown with what they probably mean."
        ),
        "bad-field": (
            "Braces in a text hold a field, such as `{side}`, that is filled in when the words are spoken. A brace "
            "that is alone, or a pair with nothing between, is probably a typing error. For a real brace write it twice: "
            "`{{`."
        ),
        "bad-import": (
            "No routine can be made from this file: it is not of the format it is taken for, nothing in it has a "
            "length of time, or it comes to more than a routine can hold. `--format` says which format it is; "
            "docs/importing.md says what each may hold."
        ),
        "bad-moment": (
            "This is not a moment of the work. Moments are `start`, `half`, `end`, a time after the start (`10s`), a "
            "time before the end (`-10s`), and `every 15s`."
        ),
        "bad-music": (
            "A file of music can't be played: it is no music, is empty, silent, damaged or shorter than a second. "
            "Those that can be are MP3, FLAC, Ogg Vorbis, Opus, WAV and AIFF, and M4A with `pip install "
            "'cuecast[m4a]'`. Where music is a folder, the message names the file in it. Look whether another player "
            "plays it; copy it again, convert it to MP3 or FLAC, or take another one."
        ),
        "bad-output": (
            "The tracks of a manifest would not lie below their folder, or have names that some system does not take: "
            "`output` begins with `/`, steps upwards with `..`, or makes a name such as `con`. No track is made until "
            "that is mended, so that none lands where it should not."
        ),
        "bad-take": (
            "A voice of takes has a take of these words that nothing can be made of: it is silent, too long, no sound "
            "file, or of a kind that can't be read here. The message names the file and says what to do. All such "
            "takes are listed at once; `cuecast voices check VOICE ROUTINE` lists them too. No other voice says the "
            "words in its place, because that would go unnoticed: delete the take if another voice should."
        ),
        "bad-tone": (
            "This file can't sound in place of a tone: it is no WAV file, is silent or damaged, or lasts too long. A "
            "tick of the countdown can last 0.9 seconds, the start 2.5, what sounds inside the work 2, a gong at the "
            "end 5; silence around the sound does not count. docs/tones.md says how to make one."
        ),
        "bad-value": (
            "The key is right, but it does not take this. The message says what it takes, and the hint what was "
            "probably meant: `sides: Left` is `sides: left`, `sides: left, right` is `sides: [left, right]`."
        ),
        "broken-tag": (
            "Something in the tag of an MP3 can't be read: it is cut off, encrypted, of a form that is not known, or "
            "larger than any track needs. The message says what. All the rest is taken as it is; where the timeline "
            "that cuecast writes is missing, chapters have to do, or the length alone."
        ),
        "cannot-fit": (
            "The track can't last as long as `fit` (or `--fit`) says. Only exercises whose `work` is a range, such as "
            "`30s-60s`, can give or take time; the message says how short and how long the track can be, the hint "
            "what holds it there. Choose another length, give wider ranges, or add or take away steps."
        ),
        "cue-collides": (
            "A cue has to wait for other words or a tone, and may wait 3 seconds at most. The message says by how "
            "much it would be later than that. Give one of the two another moment, or shorten the one that comes "
            "first. A cue at `end` can't wait at all, so nothing else can be said in its place."
        ),
        "cue-overruns": (
            "A cue is not over when the work is. The message says by how many milliseconds; a word takes about 400. "
            "Shorten it, give it an earlier moment, or lengthen the work."
        ),
        "curly-quotes": (
            "The quotes around this are those of print, as word processors put them in; a routine knows only straight "
            'ones, and would take these for a part of the words. Type them again: `title: "Legs"`. Curly quotes '
            "within a text are fine."
        ),
        "duplicate-key": (
            "The same key is here twice, and only one of the two could count. Delete one. Two cues at one moment "
            "are written as a list: `- {at: half, say: Slowly.}`."
        ),
        "duplicate-output": (
            "Several tracks of a manifest would have one name, and the last would replace the others; names that "
            "differ only in capital letters are the same on many systems. The hint names the field that is missing in "
            "`output`. No track is made until that is mended."
        ),
        "empty-file": (
            "There is nothing in this file, or nothing but comments. `cuecast new NAME` writes a routine to start from."
        ),
        "id3-letters": (
            "`--id3 2.3` was asked for, and the routine has letters that came later than ID3v2.3, such as emoji. They "
            "are in the tag, in pairs that most players put together and some show as question marks. Leave them out, "
            "or make the track with the newer tag."
        ),
        "include-loop": (
            "A file includes itself, or one that includes it, so that there would be no end. Take one of the `include` "
            "steps out; what is done several times belongs in `rounds`."
        ),
        "language-of-name": (
            "A file that is called NAME.de.yaml is taken for the routine NAME in German, wherever it is asked for in "
            "that language. This one is in another: its words would be spoken by a voice of that. Write `language: de` "
            "in it, or give it a name without the language."
        ),
        "like-loop": (
            "A voice is built on itself: `like` leads from it to another voice, and from there back to it, or on and "
            "on. The message names them in order. Take one `like` out, and write what that voice needs instead."
        ),
        "long-rolling": (
            "One spot is rolled for more than two minutes at a stretch. Studies use 30 to 120 seconds a muscle, in "
            "one to three sets; more has shown no more, and sore tissue gets sorer. Take two rounds, or a shorter "
            "`work`."
        ),
        "may-not-fit": (
            "As `cannot-fit`, but by an estimate: `check` has no voice and does not know exactly how long the words "
            "take."
        ),
        "may-overrun": (
            "`check` has no voice, so it estimates how long words take. By that estimate, a cue has no room. `plan` "
            "and `render` measure the words with the real voice, and there it may be an error. With `--strict` it is "
            "one already."
        ),
        "missing-colon": (
            "A key and its value have a colon and a space between them: `exercise: Calves`, not `exercise Calves`."
        ),
        "missing-file": (
            "The file of an `include`, or a sound of `tones`, is not there or can't be read. Its path is seen from the "
            "folder of the file that it is written in: `include: cool-down.yaml` is a file beside that one, `include: "
            "parts/cool-down.yaml` one in the folder `parts`. Sounds may lie in the folder `tones` of your own, too."
        ),
        "missing-key": (
            "Something that can't be left out is not there: a routine has a `title` and `steps`, `rounds` have "
            "`steps`, an entry in a list of cues has `at` and `say`. The hint shows how it is written."
        ),
        "missing-music": (
            "The music that a routine names is not there, can't be read, or is a folder with no sound file in it. A "
            "path is seen from the folder of the file that it is written in, then from your own folder `music` "
            "(beside your routines' folder, which `cuecast doctor` names). To build without it, `--music off`, or "
            "`--music ocean`."
        ),
        "missing-space": (
            "A space is missing after a colon or a dash, so that both sides are read as one word: write `work: 45s`, "
            "not `work:45s`, and `- rest: 30s`, not `-rest: 30s`."
        ),
        "missing-take": (
            "A voice of takes has none of these words, and its profile names no other voice for what is not recorded. "
            "The message names the file that is looked for. Record it, or write `otherwise: coach` in the profile; "
            "`cuecast voices script ROUTINE --voice VOICE` lists all that is still to be recorded. Words that the "
            "compiler adds have no line, and are reported at the name of the voice."
        ),
        "missing-value": (
            "A key is here with nothing after it, or with no words between its quotes. Write a value, or delete "
            "the line. If the value belongs below, indent it further than its key."
        ),
        "missing-work": (
            "An exercise without a length: neither it nor `defaults` has a `work`. Write `work: 45s` in the exercise, "
            "or in `defaults` for all of them."
        ),
        "moment-outside": (
            "A cue's moment lies outside the work: `50s` in a work of 45 seconds, `-50s`, or `every 45s`, which is "
            "never. Moments count from the start of each side's own work. Use an earlier one, or `half` or `end`, "
            "which always exist."
        ),
        "music-breaks-off": (
            "A file of music ends before it should: a copy or a download was interrupted, or something in it is "
            "damaged. What there is of it is played, again and again as any music. Copy the file again."
        ),
        "music-too-loud": (
            "Music stays 6 dB or more below the voice, which would have no room otherwise. By its own `volume` it "
            "does; together with the `volume` of all music (or `--volume music=+12`) it would be louder. It plays at "
            "-6 dB."
        ),
        "never-sounds": (
            "A cue is for a side that its exercise does not have, or for a round that there never is. It would never "
            "be heard."
        ),
        "no-music": (
            "A volume alone, such as `music: -24dB`, makes the music around it softer or louder; here none plays, "
            "neither in this step nor around it. Say what plays, for the whole routine (`music: ocean`) or for this "
            "step (`music: {sound: ocean, volume: -24dB}`), or take the volume out."
        ),
        "no-value": (
            "A field such as `{side}` has nothing to say in this place: an exercise for both sides at once has no "
            "side, a step outside of `rounds` no round, a `say` no exercise. Reword the text, or write one for each "
            "case."
        ),
        "no-voice": (
            "A manifest names voices, and none of them speaks the language of some of its routines. Each voice goes "
            "with routines of its own language only. The others are made. Add a voice of that language, or exclude "
            "the language."
        ),
        "not-a-file": (
            "The path of an `include`, a tone or a `file` of music leads to a folder or to something else that is no "
            "plain file. Name a file. For all the music in a folder write `folder` in place of `file`."
        ),
        "not-a-folder": (
            "`folder` of a `music` leads to a file. Name the folder that it is in, or write `file` in place of "
            "`folder`."
        ),
        "not-a-track": (
            "There is no MP3 or M4A sound in this file, whatever its name says. `share` takes the tracks that `cuecast "
            "render` made, and other MP3 and M4A files."
        ),
        "not-carried-over": (
            "Something in an imported file has no counterpart in a routine, or had to be guessed: a distance, "
            "repetitions without a pace, words for which there is no time. The rest is carried over. Look at the "
            "place in the routine that was written, and put in what you want there."
        ),
        "not-music": (
            "This can't play under the voice: a file of another kind, a playlist, or an address on the internet. MP3, "
            "FLAC, Ogg, Opus, WAV, AIFF and M4A files are played, and folders of them; what is elsewhere, download "
            "first."
        ),
        "not-text": (
            "This file is something else than text: a document, a picture, a sound. A routine is a plain text file, "
            "as a text editor writes it; `cuecast new NAME` makes one to start from."
        ),
        "not-utf8": (
            "The letters of this file are stored in an old way (UTF-16, Windows-1252, Latin-1), in which accents would "
            "be misread. Save it again as UTF-8: most editors ask for the encoding under “Save as”."
        ),
        "nothing-to-do": (
            "All the steps together come to nothing: there are only rests, and a rest with no exercise after it is "
            "left out."
        ),
        "nothing-to-say": (
            "There is no letter and no digit in this text, so a voice would be silent over it. Write words. For "
            "quiet there is `pause`; what is not to be said is left out, or deleted."
        ),
        "odd-character": (
            "An invisible character is here. Such characters come along when text is copied from a page or a document, and a "
            "voice may stumble over them. Delete it; if you can't see it, delete the line and type it again."
        ),
        "one-music": (
            "A `music` names two things to play: two of `file`, `folder`, `noise` and `sound`. Keep one of them. For "
            "several files put them into a folder, and name that."
        ),
        "one-step": (
            "Each entry of `steps` begins with `- ` and is exactly one step: `say`, `exercise`, `use`, `rest`, "
            "`pause`, `rounds` or `include`. If there are two in one entry, give the second a `- ` of its own. If "
            "there is none, the line probably belongs to the step above: write it without the `- `, in line with that "
            "step's first word."
        ),
        "other-language": (
            "A routine is in one language, and with it all that it includes and uses. This file says that it is in "
            "another. Include the one in the routine's language: `cool-down.de.yaml` in a German routine, for "
            "example."
        ),
        "outside-folder": (
            "A routine comes to the files in its own folder and to the library, and to nothing else, so that one from "
            "a stranger can't look around. This path leads out of that folder, perhaps by a link. Copy the file into "
            "the folder; music can also be in your own folder `music`. An exercise of the library has no files at all."
        ),
        "reps-without-pace": (
            "`reps` say how many times; its `pace` says how long one takes: `pace: [down 3s, up 1s]` makes ten "
            "reps 40 seconds. Add the pace, or write a `work` in place of `reps`."
        ),
        "risky-target": (
            "A foam roller is for muscles. The name of this exercise speaks of the lower back, the neck, a joint or "
            "the iliotibial band, where rolling does nothing or harm. Roll the muscles around it. This is a remark, "
            "not medical advice."
        ),
        "say-longer": (
            "The words of a `say` take longer than its `for`. That is allowed, `for` is the least that the step "
            "takes; but the routine gets longer than it looks."
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
            "cues. A word of a `lexicon`, and how it is said, has at most 100."
        ),
        "too-deep": (
            "Lists and keys are nested too deep here. At most twenty `rounds` can be nested, those of "
            "included files counted too."
        ),
        "too-large": ("A routine's file has at most 1 MB, which is far more than a day of it. Is this the right file?"),
        "too-long": ("A track can last 24 hours. This is more."),
        "too-many-faults": (
            "There are more faults than anyone reads; most of them probably have one cause. Mend the first ones, and "
            "look again."
        ),
        "too-many-files": (
            "All that a routine includes and uses is 200 files at most, of 4 MB in all. Put several into one file. "
            "A folder of music has 500 sound files at most."
        ),
        "too-many-steps": (
            "Unrolled, with all rounds and sides, a routine has 20,000 steps at most. It is refused before anything "
            "is unrolled."
        ),
        "too-many-tracks": (
            "A manifest comes to more than 100,000 tracks. Its keys multiply: ten routines in three voices and four "
            "lengths are 120. Take some values out, or make several manifests of it."
        ),
        "unclosed-quote": (
            "A text begins with a quote that is never closed, so that all that follows would belong to it. Put the "
            'same quote at its end: `say: "Slowly."`.'
        ),
        "unheard-end": (
            "Nobody hears that a work interval is over: the gap after it is no longer than the countdown in it, so "
            "that the countdown takes the place of the end tone. Lengthen the gap, or shorten the countdown."
        ),
        "unknown-exercise": (
            "There is no exercise of this name in the library, or not in the routine's language. `cuecast list "
            "exercises` shows them; your own are in the folder `exercises` beside your own "
            "routines. Or write it out: `- exercise: Calves`."
        ),
        "unknown-field": (
            "There is no field of this name. The fields of a text are `{side}`, `{other_side}`, `{exercise}`, "
            "`{next}`, `{work}`, `{round}`, `{rounds}`, `{number}` and `{count}`; those of a manifest's `output` are "
            "`{routine}`, `{language}`, `{voice}`, `{level}`, `{length}` and `{format}`. All are written in small "
            "letters and without spaces."
        ),
        "unknown-key": (
            "A key of this name has no meaning in this place, and would be passed over without a word; so it is an "
            "error. It may be misspelt (`wrok`), have a capital letter (`Sides`), or be in the wrong place: the hint "
            "says where it belongs."
        ),
        "unknown-language": (
            "There are no phrases in this language, so nothing could be announced in it. The message says which "
            "languages there are."
        ),
        "unknown-routine": (
            "A manifest names a routine that is not there, a pattern that no file matches, or a language in which a "
            "routine is not written. A path is seen from the manifest's folder; the German version of `legs.yaml` is "
            "`legs.de.yaml` beside it. All other tracks are made. Mend the name, write the translation, or exclude "
            "it: `exclude: [{routine: legs, language: de}]`."
        ),
        "unknown-voice": (
            "There is no voice of this name, or its file has faults, which are shown beside. `cuecast voices` lists "
            "the voices; your own are in the folder that `cuecast doctor` names. docs/voices.md says what a voice is."
        ),
        "unsupported-yaml": (
            "YAML, in which routines are written, has some parts that only programs need: `<<`, words that begin with "
            "`!`, lines that begin with `%`, a second document after `---`. None of them means anything here. "
            "Write it out, or put it in quotes if it is text."
        ),
        "unused-exclusion": (
            "An entry of `exclude` is true of no track, so it excludes nothing: a value in it is probably misspelt, "
            "or is not among the manifest's values."
        ),
        "voice-language": (
            "The voice is one for another language than the routine's: it would say the words as if they were its own. "
            "The message names voices that suit; a language is `--language`, or the key `language`."
        ),
        "words-lost": (
            "A `#` with a space before it begins a comment, so the words from there on would never be spoken. Put the "
            'text in quotes: `say: "Set #1 is easy"`. If it is a comment, put two spaces before the `#` and one after.'
        ),
        "work-and-reps": (
            "`work` says how long an exercise lasts, `reps` how many times its `pace`. If both are in one place, "
            "only one could hold. Delete one. (In `defaults` and in an exercise there may be one each: that of the "
            "exercise holds.)"
        ),
        "wrong-indent": (
            "Keys that belong together have the same indentation, and so do the dashes of a list. This "
            "line is somewhere between. The hint says how many spaces it needs."
        ),
        "wrong-type": (
            "A list or a set of keys is here instead of a single value, or the other way round: `say` takes words, "
            "`steps` takes a list, `defaults` takes keys. If it is meant as text, put it in quotes."
        ),
    }
)
"""What each code means."""
