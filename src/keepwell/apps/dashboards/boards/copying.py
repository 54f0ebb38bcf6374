"""Any dashboard that somebody sees, as the YAML that a copy of it begins with."""

from __future__ import annotations

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.dashboards.boards.queries import board_for
from keepwell.apps.dashboards.boards.reading import text_with
from keepwell.apps.dashboards.building.parts import ENTRIES
from keepwell.apps.dashboards.catalogue import Shown
from keepwell.definitions.starting_dashboards import as_yaml, starting_dashboards


def text_of(actor: Actor, shown: Shown) -> str:
    """As it is written, comments included. Raises NotVisible where it has gone meanwhile."""
    if shown.source == "own":
        return board_for(actor, int(shown.key.removeprefix("board-"))).text
    if shown.source == "starting":
        return as_yaml({shown.name: starting_dashboards(shown.project)[shown.name]})
    version = current_version()
    lines = ENTRIES.text_of(version.files, shown.name) if version else ""
    if not lines:
        raise NotVisible
    return text_with(lines)
