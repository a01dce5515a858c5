"""`cuecast import`: another format in, a routine out."""

from __future__ import annotations

from tests.cli.running import Home

NOTES = "Squats 3 x 40s\nrest 20s\nPlank 1 min\n"
ZWO = """\
<workout_file><name>Easy</name><workout>
<SteadyState Duration="600" Power="0.6"/>
<Freebie Duration="60"/>
</workout></workout_file>
"""


def test_import_writes_a_routine_that_checks_to_standard_output(home: Home) -> None:
    home.write("notes.txt", NOTES)
    told = home.cuecast("import", "notes.txt")
    assert told.returncode == 0, told.stderr
    assert "squats" in told.stdout
    assert home.cuecast("check", "--strict", "-", stdin=told.stdout).returncode == 0
    assert home.cuecast("import", "-", stdin=NOTES).stdout.count("squats") == told.stdout.count("squats")
    assert home.files() == ["notes.txt"]


def test_import_writes_a_file(home: Home) -> None:
    home.write("notes.txt", NOTES)
    told = home.cuecast("import", "notes.txt", "-o", "mine.yaml")
    assert (told.returncode, told.stdout) == (0, "")
    assert told.stderr.splitlines()[-1].endswith(" render mine.yaml")
    assert home.cuecast("check", "--strict", "mine.yaml").returncode == 0
    home.write("mine.yaml", "precious")
    assert home.cuecast("import", "notes.txt", "-o", "mine.yaml", "--force").returncode == 0
    assert "squats" in (home.here / "mine.yaml").read_text()


def test_import_shows_what_is_not_carried_over_at_its_place(home: Home) -> None:
    home.write("easy.zwo", ZWO)
    told = home.cuecast("import", "easy.zwo")
    assert told.returncode == 0
    assert "easy.zwo:3:" in told.stderr
    assert "warning[not-carried-over]" in told.stderr
    assert '    3 | <Freebie Duration="60"/>\n      | ^' in told.stderr
    assert home.cuecast("import", "easy.zwo", "--quiet").stderr == ""


def test_import_of_what_is_nothing_is_1(home: Home) -> None:
    home.write("empty.txt", "")
    empty = home.cuecast("import", "empty.txt", "-o", "x.yaml")
    assert (empty.returncode, home.files()) == (1, ["empty.txt"])
    assert "empty.txt:1:1: error[bad-import]: this file is empty" in empty.stderr


def test_import_says_what_it_did_and_how_to_hear_it(home: Home) -> None:
    home.write("notes.txt", "Legs\n\nSquats 40s\nJumps 10 reps\nx2 daily\n")
    ended = home.cuecast("import", "notes.txt")
    assert "Legs: about " in ended.stderr
    assert ", 2 works\n  look at              line 4\n  changed or left out  line 5\n  hear it" in ended.stderr


def test_a_foreign_file_is_no_routine_and_the_message_says_how_to_import_it(home: Home) -> None:
    home.write("notes.txt", NOTES)
    for command in ("render", "check", "plan"):
        ended = home.cuecast(command, "notes.txt")
        assert ended.returncode == 2
        assert "import notes.txt -o notes.yaml" in ended.stderr
