"""`check --fix`, `check FOLDER`, and the forms of values that are taken because they can mean only one thing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast import api
from tests.builds import check, source
from tests.cli.running import Home

TYPED, FIXED = ((Path(__file__).with_name("fix") / f"{name}.yaml").read_text("utf-8") for name in ("typed", "fixed"))


def fix(text: str) -> str:
    return api.fix(source("x.yaml", text))[0].decode()


def test_what_is_certain_is_written_and_all_else_stays(home: Home) -> None:
    path = home.here / "legs.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + TYPED.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    done = home.cuecast("check", "--fix", "legs.yaml")
    assert done.returncode == 1  # a bit is nothing certain
    assert "legs.yaml:5:15: error[bad-duration]" in done.stdout
    assert "legs.yaml:4:9: wrote 45s" in done.stderr
    assert path.read_bytes() == b"\xef\xbb\xbf" + FIXED.replace("\n", "\r\n").encode()
    assert path.stat().st_mode & 0o777 == 0o640
    again = home.cuecast("check", "--fix", "legs.yaml")
    assert "wrote" not in again.stderr


def test_plain_forms_are_left_alone() -> None:
    step = "  - exercise: Calves\n    sides: [left, right]\n    work: 45s\n    announce: [next, last 10s]\n"
    text = f"title: Legs\ndefaults: {{pace: [in 4s, out 6s]}}\nsteps:\n{step}    cues: {{half: x, -5s: y}}\n"
    result = api.check(text)
    assert (result.diagnostics, result.fixes) == ((), ())


FORMS = [
    ("45 sec", "45s"), ("45 Sek.", "45s"), ("45 segundos", "45s"), ("1 min", "1m"), ("1.5 min", "1m30s"), ("1,5 Min", "1m30s"),
    ("1½ min", "1m30s"), ("1h30", "1h30m"), ('90"', "90s"), ("1'30\"", "1m30s"), ("1 min 30", "1m30s"), ("2 Minuten", "2m"),
    ("30 to 60 sec", "30-60s"), ("1-2 min", "1-2m"), ("30 sec - 1 min", "30s-1m"), ("30 bis 60 Sekunden", "30-60s"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "plain"), FORMS)
def test_lengths_that_can_mean_only_one_thing(typed: str, plain: str) -> None:
    text = "title: T\nsteps:\n  - exercise: Calves\n    work: {}\n"
    found = [check("x.yaml", text.format(each)) for each in (typed, plain)]
    assert found[0].value == found[1].value is not None
    written = fix(text.format(typed)).split("work: ")[1].strip()
    assert check("x.yaml", text.format(written)).value == found[1].value


@pytest.mark.parametrize("typed", ["1:75", "400m", "1.5s", "60-30 sec", "half", "4 or 5 min", "1m75s", "1h75m"])
def test_what_could_mean_two_things_is_an_error_and_stays(typed: str) -> None:
    text = f"title: T\nsteps:\n  - exercise: Calves\n    work: {typed}\n"
    assert [each.code for each in check("x.yaml", text).diagnostics] == ["bad-duration"]
    assert fix(text) == text


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("left, right", "[left, right]"), ("links und rechts", "[left, right]"), ("beide", "both"), ("derecha/izquierda", "[right, left]"), ('"left"', '"left"')],
)  # fmt: skip
def test_sides(typed: str, plain: str) -> None:
    text = "title: T\nsteps:\n  - exercise: Calves\n    work: 5s\n    sides: {}\n"
    assert fix(text.format(typed)) == text.format(plain)


_VALUES = st.sampled_from(
    [typed for typed, _ in FORMS] + ["45s", "1:75", "x: y", "a #b", "left, right", "'", "[", "off"]
)


@given(st.lists(st.tuples(st.sampled_from(["work", "say", "sides", "setup", "title", "rest"]), _VALUES), max_size=6))
def test_a_fixed_file_has_nothing_left_to_fix_and_no_more_faults(lines: list[tuple[str, str]]) -> None:
    text = "title: T\nsteps:\n" + "".join(f"  - exercise: A\n    {key}: {value}  # why\n" for key, value in lines)
    fixed, _ = api.fix(source("x.yaml", text))
    assert api.fix(source("x.yaml", fixed)) == (fixed, ())
    before, after = ({each.code for each in check("x.yaml", file).diagnostics} for file in (text, fixed))
    assert not (after - before) & {"syntax", "text-needs-quotes", "unclosed-quote", "bad-duration", "bad-value"}
    assert fixed.decode().count("# why") == text.count("# why")


def test_several_sides_in_one_entry_and_a_file_that_is_no_text_are_faults_like_others(home: Home) -> None:
    (home.here / "a.yaml").write_text("title: T\nsteps: [{exercise: A, work: 5s, sides: [left and right]}]\n")
    (home.here / "b.yaml").write_bytes("title: Füße\nsteps: [say: x]\n".encode("cp1252"))
    done = home.cuecast("check", "--fix", "a.yaml", "b.yaml")
    assert done.returncode == 1
    assert "a.yaml:2:41: error[bad-value]" in done.stdout
    assert "b.yaml:1:9: error[not-utf8]" in done.stdout
    assert "Traceback" not in done.stderr
