"""The reference of the API as a page of our own, made from its OpenAPI document: no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

_METHODS = ("get", "post", "put", "patch", "delete")
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Named:
    """A parameter or a field: what it is called, what it holds, what is said of it."""

    name: str
    kind: str
    needed: bool = False
    words: str = ""


@dataclass(frozen=True)
class Answer:
    status: str
    words: str
    kind: str


@dataclass(frozen=True)
class Operation:
    """`scope`: of the token. `body`, and what an answer holds, name schemas of the same page."""

    id: str
    method: str
    path: str
    title: str
    words: tuple[str, ...]
    scope: str
    parameters: tuple[Named, ...]
    body: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Group:
    title: str
    id: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Kind:
    """A schema with its fields."""

    name: str
    words: str
    fields: tuple[Named, ...]


class Reference(DocsBase):
    def render_page(self, request: HttpRequest, api: NinjaAPI, **path_params: Any) -> HttpResponse:
        document = api.get_openapi_schema(path_params=path_params)
        context = {"api": api, "groups": groups_of(document), "kinds": kinds_of(document),
                   "address": self.get_openapi_url(api, path_params)}  # fmt: skip
        return render(request, "rest/reference.html", context)


def groups_of(document: Document) -> list[Group]:
    """Operations by what they are about, in the order of the document."""
    found = [
        (operation.get("tags", ["Others"])[0], _operation(method, path, operation))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in _METHODS
    ]
    order = list(dict.fromkeys(tag for tag, _ in found))
    ordered = sorted(found, key=lambda one: order.index(one[0]))
    return [
        Group(tag, f"about-{tag.lower()}", tuple(one for _, one in some))
        for tag, some in groupby(ordered, key=lambda one: one[0])
    ]


def kinds_of(document: Document) -> list[Kind]:
    """What is sent and answered, by name."""
    schemas = document["components"]["schemas"]
    return [
        Kind(name, str(schema.get("description", "")), tuple(_fields(schema)))
        for name, schema in sorted(schemas.items())
    ]


def kind_of(schema: Document) -> str:
    """A schema in words: `text`, `list of AccountOut`, `number or nothing`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if several := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(kind_of(one) for one in several))
    if "enum" in schema or "const" in schema:
        return " | ".join(map(str, schema.get("enum", [schema.get("const")])))
    if schema.get("type") == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    said = str(schema.get("format") or schema.get("type") or "anything")
    return {"string": "text", "null": "nothing", "integer": "whole number", "boolean": "true or false"}.get(said, said)


def _operation(method: str, path: str, operation: Document) -> Operation:
    paragraphs = [one for one in str(operation.get("description", "")).split("\n\n") if not one.startswith("Scope:")]
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        title=operation["summary"],
        words=tuple(paragraphs),
        scope=operation.get("x-scope", ""),
        parameters=tuple(_parameter(one) for one in operation.get("parameters", ())),
        body=_content(operation.get("requestBody", {})),
        answers=tuple(
            Answer(status, said["description"], _content(said)) for status, said in operation["responses"].items()
            if status.startswith("2")
        ),
    )  # fmt: skip


def _parameter(one: Document) -> Named:
    words = str(one.get("description") or one["schema"].get("description") or "")
    return Named(one["name"], kind_of(one["schema"]), bool(one.get("required")), words)


def _fields(schema: Document) -> Iterator[Named]:
    needed = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        yield Named(name, kind_of(field), name in needed, str(field.get("description", "")))


def _content(said: Document) -> str:
    """What a request or an answer holds; empty where there is nothing."""
    for kind, content in said.get("content", {}).items():
        return kind if kind.startswith("text/") else kind_of(content.get("schema", {}))
    return ""
