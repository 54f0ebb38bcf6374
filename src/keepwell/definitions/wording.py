"""Puts what pydantic found into the words of Keepwell: what was found, what was allowed, what to do."""

from __future__ import annotations

from typing import Any

from pydantic_core import ErrorDetails, ValidationError

from keepwell.definitions.allowed import allowed_keys
from keepwell.definitions.issues import Issues, Path
from keepwell.definitions.kinds import Kind
from keepwell.definitions.names import listed, nearest

_NEEDED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "string_type": "text",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
    "is_instance_of": "an expression",
    "finite_number": "a finite number",
}


def add_validation_issues(issues: Issues, kind: Kind, name: str, data: Any, error: ValidationError) -> None:
    """Adds one issue for each thing wrong with the definition `name`."""
    by_path: dict[Path, list[ErrorDetails]] = {}
    for details in error.errors(include_url=False):
        by_path.setdefault(_path_in(data, details), []).append(details)
    for path, found in by_path.items():
        for message in _messages(kind, found):
            issues.add((kind.plural, name, *path), message)


def _path_in(data: Any, details: ErrorDetails) -> Path:
    """The location without the names of union members and the like, which stand in no file."""
    path: list[str | int] = []
    location = details["loc"]
    for index, step in enumerate(location):
        is_last = index == len(location) - 1
        inside = (isinstance(data, dict) and step in data) or (
            isinstance(data, tuple) and isinstance(step, int) and step < len(data)
        )
        if inside:
            path.append(step)
            data = data[step]
        elif is_last and details["type"] == "missing":
            path.append(step)
    return tuple(path)


def _messages(kind: Kind, found: list[ErrorDetails]) -> list[str]:
    """One message for each different thing; the alternatives of a union that all refuse become one."""
    needed = [_NEEDED[details["type"]] for details in found if details["type"] in _NEEDED]
    others = [details for details in found if details["type"] not in _NEEDED]
    messages = [_message(kind, details) for details in others]
    if needed and not others:
        value = _input_of(found)
        messages.append(f"found {describe(value)} where {' or '.join(dict.fromkeys(needed))} is needed")
    return list(dict.fromkeys(messages))


def _input_of(found: list[ErrorDetails]) -> Any:
    return next(details["input"] for details in found if details["type"] in _NEEDED)


def describe(value: Any) -> str:
    """A value as part of a sentence: its kind and, where short, itself."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    if isinstance(value, int | float):
        return f"the number {value!r}"
    if isinstance(value, str):
        return f"the text '{value[:60]}{'...' if len(value) > 60 else ''}'"
    return "a map" if isinstance(value, dict) else "a list" if isinstance(value, tuple | list) else repr(value)[:60]


def _message(kind: Kind, details: ErrorDetails) -> str:
    context = details.get("ctx", {})
    match details["type"]:
        case "extra_forbidden":
            return _unknown_key(kind, details)
        case "missing":
            return f"'{details['loc'][-1]}' is required here"
        case "literal_error":
            return _not_a_choice(details["input"], str(context["expected"]))
        case "value_error":
            return str(context["error"])
        case "string_pattern_mismatch" if "snake" in _meaning(context):
            return f"'{details['input']}' is not a name; names are lower snake_case, such as {_snake(details['input'])}"
        case "string_pattern_mismatch":
            return f"'{details['input']}' is not a color; write six hexadecimal digits, such as #3c8d40"
        case "too_short":
            return "needs at least one entry"
        case "metric_kind" | "score_shape" | "trigger_kind" | "action_kind" | "question_kind" | "widget_chart":
            return f"{details['msg']}; found {_found_keys(details['input'])}"
    return f"{_lower(details['msg'])}; found {describe(details['input'])}"


def _meaning(context: dict[str, Any]) -> str:
    return "snake" if str(context.get("pattern", "")).startswith("^[a-z]") else "other"


def _snake(text: Any) -> str:
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in str(text)).lower().split()
    suggestion = "_".join(words)
    return suggestion if suggestion[:1].isalpha() else f"m_{suggestion}" if suggestion else "seat_use"


def _unknown_key(kind: Kind, details: ErrorDetails) -> str:
    key = str(details["loc"][-1])
    allowed = allowed_keys(kind.model, tuple(details["loc"][:-1]))
    near = nearest(key, allowed)
    meant = f"; did you mean '{near}'?" if near else ";"
    return f"unknown key '{key}'{meant} allowed here: {listed(allowed, limit=40)}"


def _not_a_choice(found: Any, expected: str) -> str:
    choices = [choice.strip("' ") for choice in expected.replace(" or ", ",").split(",")]
    near = nearest(str(found), choices)
    meant = f"; did you mean '{near}'?" if near else ";"
    return f"found {describe(found)}{meant} allowed: {', '.join(choices)}"


def _found_keys(value: Any) -> str:
    return f"the keys {listed(map(str, value))}" if isinstance(value, dict) and value else describe(value)


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
