"""Checks the names in expressions over accounts: segments, and what may be written with a dot."""

from __future__ import annotations

from collections.abc import Mapping

from keepwell.definitions.expressions import Expression, names_in, segments_in
from keepwell.definitions.issues import Issues, Path
from keepwell.definitions.names import unknown

Names = Mapping[str, frozenset[str]]
"""All names by kind, also of definitions that are themselves refused."""


def check_account_expression(
    path: Path, expression: Expression, names: Names, issues: Issues, dotted: Mapping[str, frozenset[str]] | None = None
) -> None:
    """Segments must exist, and dotted names only where the place has them (measure.x, group.x in overrides)."""
    for segment in segments_in(expression):
        if segment not in names["segments"]:
            issues.add(path, unknown("segment", segment, names["segments"]))
    for name in names_in(expression):
        if len(name.parts) > 1:
            _check_dotted(path, name.parts, dotted or {}, issues)


def _check_dotted(path: Path, parts: tuple[str, ...], dotted: Mapping[str, frozenset[str]], issues: Issues) -> None:
    prefix, rest = parts[0], ".".join(parts[1:])
    if prefix not in dotted:
        issues.add(path, f"'{'.'.join(parts)}' has no meaning here; write the bare name of a metric or attribute")
    elif rest not in dotted[prefix]:
        issues.add(path, unknown(prefix, rest, dotted[prefix]))
