"""The JSON Schema accepts what the loader accepts and refuses the plain mistakes an editor should underline."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from jsonschema import Draft202012Validator

import keepwell.definitions
from keepwell.definitions.json_schema import project_schema
from keepwell.definitions.measures import Percentile
from tests.definitions.test_loading import GOOD, load

EXAMPLES = Path(__file__).parents[2] / "examples"
SIMULATED = Path(keepwell.definitions.__file__).parents[1] / "simulation" / "definitions"
FILES = sorted([*EXAMPLES.rglob("*.yaml"), *SIMULATED.rglob("*.yaml")])


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    Draft202012Validator.check_schema(project_schema())
    return Draft202012Validator(project_schema())


def read(text: str) -> Any:
    """YAML as editors read it: 1.2, where `on` is a word."""

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {  # noqa: RUF012
            first: [pair for pair in pairs if pair[0] not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")]
            for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    def boolean(loader: Any, node: Any) -> Any:
        return {"true": True, "false": False}.get(node.value, node.value)

    Loader.add_constructor("tag:yaml.org,2002:str", boolean)
    return yaml.load(text, Loader)


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_shipped_definition_fits(schema: Draft202012Validator, file: Path) -> None:
    errors = [f"{error.json_path}: {error.message[:200]}" for error in schema.iter_errors(read(file.read_text()) or {})]
    assert errors == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "shape",
    [
        "percentile: {}",
        "percentile: {within: seats, descending: true}",
        "percentile: {within: seats}, descending: true",
    ],
)
def test_ways_to_write_a_percentile_fit_and_are_read(schema: Draft202012Validator, tmp_path: Path, shape: str) -> None:
    text = GOOD.replace("linear: [[0, 0], [1, 100]]", shape)
    assert schema.is_valid(read(text))
    measure = load(tmp_path, model=text).scorecards["everyone"].measures["per_seat"]
    assert isinstance(measure.score, Percentile)
    assert measure.score.percentile.descending == ("true" in shape)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "by"),
    [
        ("linear: [[0, 0], [1, 100]]", "percentile: {}, decending: true"),
        ("linear: [[0, 0], [1, 100]]", "percentile: {}, descending: maybe"),
        ("weight: 1\n", "wieght: 1\n"),
        ("weight: 1\n", "weight: heavy\n"),
        ("role: accounts", "role: acounts"),
        ("window: 4 weeks", "window: a month"),
        ("label: red", "colour: red"),
        ("metrics:", "metricks:"),
    ],
)
def test_plain_mistakes_are_underlined(schema: Draft202012Validator, change: str, by: str) -> None:
    assert schema.is_valid(read(GOOD))
    assert not schema.is_valid(read(GOOD.replace(change, by, 1)))


@pytest.mark.slow
def test_a_wheel_ships_it_with_the_simulated_company(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=EXAMPLES.parent, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as archive:
        shipped = json.loads(archive.read("keepwell/definitions/keepwell.schema.json"))
        names = set(archive.namelist())
    assert shipped == json.loads(json.dumps(project_schema()))
    assert {f"keepwell/simulation/definitions/{file.name}" for file in SIMULATED.rglob("*.yaml")} <= names
    assert not [name for name in names if name.startswith(("tests", "benchmarks", "examples"))]
