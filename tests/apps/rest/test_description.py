"""The description of the API: valid OpenAPI 3.1, a summary and a scope for every operation, a page under the policy."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from django.test import Client
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from tests.apps.conftest import People


@pytest.fixture
def described(db: None) -> dict[str, Any]:
    return Client().get("/api/openapi.json").json()


def operations(described: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


@pytest.mark.slow
def test_it_is_valid_openapi_3_1(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    OPENAPI_31_VALIDATOR.validate(described)


@pytest.mark.slow
def test_every_operation_says_what_it_does_and_what_it_takes(described: dict[str, Any]) -> None:
    found = operations(described)
    assert len(found) > 80
    silent = [name for name, one in found if not one["summary"] or len(one["description"].splitlines()) < 2]
    assert silent == []
    assert [name for name, one in found if not one.get("x-scope")] == []
    names = [one["operationId"] for _, one in found]
    assert len(names) == len(set(names))


@pytest.mark.slow
def test_every_operation_tells_of_problems_and_limits(described: dict[str, Any]) -> None:
    for name, one in operations(described):
        assert "application/problem+json" in one["responses"]["default"]["content"], name
        good = [said for status, said in one["responses"].items() if status.startswith("2")]
        assert all("RateLimit-Remaining" in said["headers"] for said in good), name


@pytest.mark.slow
def test_examples_fit_their_schemas(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    tried = 0
    for name, schema in schemas.items():
        for field, part in schema.get("properties", {}).items():
            for example in part.get("examples", ()):
                jsonschema.validate(example, {**part, "components": {"schemas": schemas}}), (name, field)
                tried += 1
    assert tried > 30


@pytest.mark.slow
def test_its_page_has_no_inline_script_or_style(people: People, as_owner: Client) -> None:
    page = as_owner.get("/api/docs")
    text = page.content.decode()
    assert page.status_code == 200
    assert "style=" not in text
    assert "<style" not in text
    assert 'id="upsert_accounts_and_people"' in text
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert all("src=" in one or "application/json" in one for one in text.split("<script")[1:])
