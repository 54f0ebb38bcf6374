"""What importing the engine brings with it, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

FORBIDDEN = ("django", "dlt", "httpx", "requests", "urllib3", "typer", "deltalake", "pyspark", "psycopg")


@pytest.mark.slow
@pytest.mark.parametrize("module", ["keepwell.definitions", "keepwell.engine.run", "keepwell.engine.explain"])
def test_importing_the_engine_loads_no_web_and_no_lake(module: str) -> None:
    code = f"import {module}, sys; print(' '.join(m.split('.')[0] for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(FORBIDDEN) & set(done.stdout.split()) == set()


@pytest.mark.slow
def test_reading_definitions_does_not_load_the_engine() -> None:
    heavy = ("ibis", "duckdb", "pyarrow", "numpy")
    code = f"import keepwell.definitions, sys; print([m for m in sys.modules if m in {heavy}])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_asking_for_help_loads_nothing_that_help_does_not_need() -> None:
    code = "import keepwell.cli.app, sys; print(' '.join(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"pydantic", "sqlglot", "yaml", "ibis", "duckdb", "pyarrow", "numpy", "keepwell.engine", "sklearn"}
    assert heavy & set(done.stdout.split()) == set()


@pytest.mark.slow
def test_judging_texts_loads_no_web_and_predicting_no_scikit_learn() -> None:
    modules = "keepwell.text.lexicon, keepwell.text.own.storing"
    code = f"import {modules}, sys; print(' '.join(m.split('.')[0] for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {*FORBIDDEN, "sklearn", "scipy"} & set(done.stdout.split()) == set()
