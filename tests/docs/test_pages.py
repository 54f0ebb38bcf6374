"""Pages are current, their links lead somewhere, and nothing that a person can type is missing from them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import typer

from keepwell.cli.app import app
from keepwell.definitions.expressions.functions import AGGREGATES, FUNCTIONS, SPECIAL_FUNCTIONS
from keepwell.definitions.kinds import KINDS
from keepwell.definitions.settings import Settings
from keepwell.engine.tidy import TIDY
from keepwell.engine.wide import WIDE
from tests.docs.pages import DOCS, ROOT, anchors, links, name_of, written

PAGES = [pytest.param(page, id=name_of(page)) for page in written()]


@pytest.mark.slow
def test_the_generated_pages_are_what_the_generator_writes_now() -> None:
    script = DOCS / "generate.py"
    ran = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_linked_from_another(page: Path) -> None:
    if page.name in ("README.md", "ARCHITECTURE.md") and page.parent == ROOT:
        return
    linked = {(other.parent / link.partition("#")[0]).resolve() for other in written() for link in links(other)}
    assert page in linked


def _every(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, verb in group.commands.items():
        yield from _every(verb, f"{before}{name} ") if hasattr(verb, "commands") else [(before + name, verb)]


def test_every_command_and_option_is_documented() -> None:
    text = (DOCS / "reference/command-line.md").read_text("utf-8")
    for name, verb in _every(typer.main.get_command(app)):
        section = re.search(rf"^## {name}$(.*?)(?=^## |\Z)", text, re.M | re.S)
        assert section, name
        for parameter in verb.params:
            word = parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.metavar
            assert word in section[1], f"{name} {word}"


def test_every_setting_kind_function_and_aggregate_is_documented() -> None:
    text = (DOCS / "reference/definitions.md").read_text("utf-8")
    words = [*Settings.model_fields, *KINDS]
    calls = [f"`{name}(" for name in (*FUNCTIONS, *AGGREGATES, *SPECIAL_FUNCTIONS)]
    assert [word for word in (*(f"`{word}`" for word in words), *calls) if word not in text] == []


@pytest.mark.parametrize(("head", "schema"), [("Tidy", TIDY), ("Wide", WIDE)])
def test_every_column_of_the_results_is_documented_with_its_type(head: str, schema: pa.Schema) -> None:
    text = (DOCS / "reference/results.md").read_text("utf-8")
    section = text.partition(f"## {head}")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section, re.M)
    assert rows == [(field.name, _words(field.type)) for field in schema]


def _words(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"list of {_words(kind.value_type)}"
    named = {"string": "text", "double": "number", "date32[day]": "date", "bool": "boolean", "int32": "whole number"}
    return named.get(str(kind), "time, UTC" if pa.types.is_timestamp(kind) else str(kind))


def test_every_file_that_the_architecture_names_is_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    named = re.findall(r"`((?:src|tests|docs|examples|benchmarks)/[\w./-]*)`", text)
    assert len(named) > 50
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_architecture_names_every_layer_and_package() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    packages = [path.parent for path in (ROOT / "src/keepwell").glob("*/__init__.py")]
    assert [one.name for one in packages if f"`src/keepwell/{one.name}/`" not in text] == []
