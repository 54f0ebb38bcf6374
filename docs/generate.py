"""Writes the pages of docs/reference that come from the code; with --check, says which of them differ instead.

A page is made from its template in docs/templates: a line such as `{keys: Dataset}` is replaced by what the code says.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from generating.acting import (
    action_kinds,
    advocacy_defaults,
    advocacy_names,
    letter_fields,
    rule_names,
    survey_names,
    text_fields,
    trigger_kinds,
)
from generating.charts import chart_keys, known_tables
from generating.commands import common_options, verbs
from generating.keys import keys, ledgers, roles
from generating.language import aggregates, casts, functions, special

DOCS = Path(__file__).parent
PAGES = {"definitions.md": "reference/definitions.md", "command-line.md": "reference/command-line.md"}
NOTE = (
    "<!-- Written by docs/generate.py from docs/templates/{name}. Change that, or the code, then run: make docs -->\n\n"
)

_DIRECTIVE = re.compile(r"^\{([a-z_]+)(?:: (.*))?\}$", re.MULTILINE)
_WRITERS: dict[str, Callable[..., str]] = {
    "action_kinds": action_kinds,
    "aggregates": aggregates,
    "casts": casts,
    "chart_keys": chart_keys,
    "common_options": common_options,
    "functions": functions,
    "keys": keys,
    "known_tables": known_tables,
    "ledgers": ledgers,
    "letter_fields": letter_fields,
    "roles": roles,
    "rule_names": rule_names,
    "special": special,
    "survey_names": survey_names,
    "advocacy_names": advocacy_names,
    "advocacy_defaults": advocacy_defaults,
    "text_fields": text_fields,
    "trigger_kinds": trigger_kinds,
    "verbs": verbs,
}


def page(name: str) -> str:
    """The text of the page made from one template."""
    template = (DOCS / "templates" / name).read_text(encoding="utf-8")
    return NOTE.format(name=name) + _DIRECTIVE.sub(_replacement, template)


def _replacement(found: re.Match[str]) -> str:
    directive, arguments = found.groups()
    return _WRITERS[directive](*([arguments] if arguments else []))


def main(arguments: list[str]) -> int:
    pages = {DOCS / target: page(name) for name, target in PAGES.items()}
    if "--check" in arguments:
        old = [path.name for path, text in pages.items() if not path.exists() or path.read_text("utf-8") != text]
        print(f"differ from the code: {', '.join(old)}; run: make docs" if old else "the reference pages are current")
        return int(bool(old))
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")
        print(f"wrote docs/{path.relative_to(DOCS)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
