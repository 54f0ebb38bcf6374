"""JSON Schema of a file of definitions, made from the models, so that editors complete and check YAML."""

from __future__ import annotations

from typing import Any

from pydantic import Field, TypeAdapter, create_model
from pydantic.json_schema import models_json_schema

from keepwell.definitions.base import Definition
from keepwell.definitions.kinds import KINDS
from keepwell.definitions.names import Name
from keepwell.definitions.settings import Settings

_REF = "#/$defs/{model}"


def project_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of any *.yaml file of a project folder, keepwell.yaml included."""
    fields: dict[str, Any] = {}
    for kind in KINDS.values():
        named: Any = dict.__class_getitem__((Name, kind.model))
        fields[kind.plural] = (named | None, Field(None, description=f"Each {kind.singular} by its name"))
    document = create_model("KeepwellFile", __base__=Settings, **fields)
    schema = TypeAdapter(document).json_schema(by_alias=True, ref_template=_REF)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Keepwell definitions"}


def definition_schemas() -> dict[str, Any]:
    """The `$defs` of all models, for the reference pages."""
    models = [(model, "validation") for model in _models(Definition)]
    return models_json_schema(models, ref_template=_REF)[1]["$defs"]  # type: ignore[arg-type]


def _models(base: type[Definition]) -> list[type[Definition]]:
    found = []
    for model in base.__subclasses__():
        if model.__module__.startswith(__package__) and model.__module__ != __name__:  # others build on it, as here
            found += [model, *_models(model)]
    return found
