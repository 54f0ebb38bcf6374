"""Which keys the language allows at a place, found by walking the models along a validation error's location."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag

from keepwell.definitions.issues import Path


def allowed_keys(model: Any, location: Path) -> frozenset[str]:
    """Keys of the map at `location` below `model`; empty where any key is allowed or none is."""
    places = list(_branches(model))
    for step in location:
        places = [next_place for place in places for next_place in _step(place, step)]
    return frozenset(key for _, place in places if _is_model(place) for key in _fields(place))


def _branches(annotation: Any, tag: str | None = None) -> Iterator[tuple[str | None, Any]]:
    """The alternatives of a union, each with its tag; unions are opened, annotations taken off."""
    if get_origin(annotation) is Annotated:
        inner, *notes = get_args(annotation)
        tags = [note.tag for note in notes if isinstance(note, Tag)]
        yield from _branches(inner, tags[0] if tags else tag)
    elif get_origin(annotation) in (Union, UnionType):
        for member in get_args(annotation):
            yield from _branches(member, tag)
    else:
        yield tag, annotation


def _step(place: tuple[str | None, Any], step: str | int) -> Iterator[tuple[str | None, Any]]:
    tag, annotation = place
    if step == tag or (_is_model(annotation) and step == annotation.__name__):
        yield None, annotation
    elif tag is not None:
        return
    elif _is_model(annotation) and step in _fields(annotation):
        yield from _branches(_fields(annotation)[str(step)])
    elif get_origin(annotation) in (dict, tuple):
        yield from _branches(get_args(annotation)[1 if get_origin(annotation) is dict else 0])


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {
        field.alias or name: Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
        for name, field in model.model_fields.items()
    }
