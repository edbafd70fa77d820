# What people type. Everything makes the environment first where it is missing or out of date.
# ARGS is handed on: make demo ARGS="--seed 2", make test ARGS="-k quotas", make lab ARGS="--no-browser".
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS :=
INSTALLED := $(VENV)/installed
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help env demo test lint lab lock clean

help:
	@echo "make env     the environment in $(VENV), from requirements.lock (first time: a minute or two)"
	@echo "make demo    a company end to end: plan, simulated year, report in out/superstore/"
	@echo "make test    the whole test suite, notebooks included"
	@echo "make lint    style, types and the direction of imports"
	@echo "make lab     JupyterLab in notebooks/"
	@echo "make lock    refresh requirements.lock from pyproject.toml"
	@echo "make clean   remove what make made: the environment and the caches (out/ stays)"

env: $(INSTALLED)

$(INSTALLED): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Evenfield needs Python 3.11 or newer, and '$(PYTHON)' is not. Name one: make env PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' comes without venv. On Debian and Ubuntu: sudo apt install python3-venv." >&2; \
	  echo "Or name another Python: make env PYTHON=python3.12" >&2; exit 2; }
	@echo "Making $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv $(VENV)
	@echo "Installing the packages of requirements.lock (about 800 MB; the first time takes a minute or two) ..."
	@$(PIP) install --quiet -c requirements.lock -e '.[notebook,dev]'
	@touch $@
	@echo "$(VENV) is ready."

demo: $(INSTALLED)
	@$(BIN)/evenfield demo $(ARGS)

test: $(INSTALLED)
	$(BIN)/python -m pytest -n auto --maxprocesses 8 --dist worksteal --nbmake tests $(wildcard notebooks) $(ARGS)

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

lab: $(INSTALLED)
	@$(BIN)/jupyter labextension disable --level=sys_prefix @jupyterlab/apputils-extension:announcements >/dev/null 2>&1
	$(BIN)/jupyter lab --notebook-dir=notebooks $(ARGS)

lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet uv
	{ echo "# The versions Evenfield is tested with, for Python 3.11 to 3.14 on every system; made by 'make lock' from pyproject.toml."; \
	  echo "# Used as constraints: pip install -c requirements.lock -e '.[notebook,dev]'"; \
	  build/lock/bin/uv pip compile --quiet --universal --all-extras --upgrade --no-header --annotation-style line pyproject.toml; \
	} > build/requirements.lock
	mv build/requirements.lock requirements.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find scenarios optimizer simulation evenfield tests -name __pycache__ -type d -prune -exec rm -rf {} +
