"""Texts in the data: columns of datasets that the definitions name, read in the order of their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import ibis
import ibis.expr.types as ir
from django.utils import timezone

from keepwell.apps.sentiment.sources import Text
from keepwell.apps.usage.models import SourcePerson
from keepwell.definitions.project import Project
from keepwell.definitions.sentiment import Texts
from keepwell.engine.facts import LOAD_ID
from keepwell.engine.metrics.facts import KEY, FactReader
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.metrics.visible import ENTITY, RECORDED, TIME
from keepwell.engine.moments import moment
from keepwell.lake.data import ProjectData

TICKET = "ticket"
_PERSON, _PLACE = "kw_person", "kw_place"


@dataclass(frozen=True)
class Tickets:
    """The texts of one dataset, as they are known now. `since`, `to`: of these loads alone."""

    project: Project
    data: ProjectData
    dataset: str

    @property
    def texts(self) -> Texts:
        return self.project.settings.sentiment.texts[self.dataset]

    @property
    def state(self) -> str:
        """Which rows there are; empty where that cannot be told, as of tables of a warehouse."""
        return (self.data.version({self.dataset}) or "")[:200]

    def highest_load(self) -> int | None:
        rows = self.data.table(self.dataset)
        if LOAD_ID not in rows.columns:
            return None
        found = self.data.run(rows.aggregate(highest=rows[LOAD_ID].max()))["highest"][0].as_py()
        return int(found or 0)

    def page(self, after: str, most: int, since: int | None, to: int | None) -> list[Text]:
        """At most so many, by the text of their keys; `after`: the last of those before."""
        rows = self._facts()
        rows = rows.mutate(**{_PLACE: rows[KEY].cast("string")}).filter(ibis._[_PLACE] > after)
        if since is not None:
            rows = rows.filter(ibis._[LOAD_ID] > since)
        if to is not None:
            rows = rows.filter(ibis._[LOAD_ID] <= to)
        found = self.data.run(rows.order_by(_PLACE).limit(most)).to_pylist()
        people = self._people(found)
        return [self._text(row, people) for row in found]

    def _facts(self) -> ir.Table:
        columns = {*self.texts.text, *((self.texts.person,) if self.texts.person else ())}
        columns |= {LOAD_ID} & set(self.data.table(self.dataset).columns)
        now = timezone.now()
        at = moment(now.date(), self.project.settings.time_zone, now)
        reader = FactReader(self.project, self.data.table, self.data.dialect)
        return reader.facts(self.dataset, "account", Grid((at,)), columns=frozenset(columns))

    def _people(self, rows: Iterable[Mapping[str, Any]]) -> Mapping[str, UUID]:
        """The random keys of those whom the source names."""
        if self.texts.person is None:
            return {}
        named = {str(row[self.texts.person]) for row in rows if row[self.texts.person] is not None}
        return dict(SourcePerson.objects.filter(source_id__in=named).values_list("source_id", "key"))

    def _text(self, row: Mapping[str, Any], people: Mapping[str, UUID]) -> Text:
        person = row[self.texts.person] if self.texts.person else None
        written = [str(row[column]).strip() for column in self.texts.text if row[column] is not None]
        return Text(
            id=f"{self.dataset}:{row[_PLACE]}"[:300], account_id=str(row[ENTITY]),
            text="\n".join(one for one in written if one), occurred_at=_aware(row[TIME]),
            recorded_at=_aware(row[RECORDED]), person=people.get(str(person)),
        )  # fmt: skip


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
