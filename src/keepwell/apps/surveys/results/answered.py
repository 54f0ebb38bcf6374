"""All answers to a survey as columns, read once and kept: what came or changed since is read beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from keepwell.apps.surveys.results.merged import meaning_else, readable
from keepwell.definitions.survey_questions import TextQuestion
from keepwell.definitions.surveys import Survey
from keepwell.engine.adoption.days import Ints
from keepwell.engine.surveys.columns import columns_of
from keepwell.engine.surveys.scoring import Numbers

Truths = npt.NDArray[np.bool_]
KEPT = 12
"""Surveys whose answers a process keeps; each is about 20 MB for 100,000 answers."""

_TIME = pa.timestamp("us", "UTC")
_NEVER = np.int32(-(2**31))

_MARK = """
select count(*), coalesce(max(r.id), 0),
  coalesce(max(greatest(r.touched_at, r.recorded_at, r.erased_at)), '1970-01-01') from surveys_response r
where r.survey = %s and r.answered_at is not null
"""
_ROWS = """
select r.id, r.version, r.account_id, r.person_id::text, r.language, r.channel, r.status = 'finished',
  i.id is not null and i.bounced_at is null and i.channel <> 'anonymous_link',
  (extract(epoch from r.answered_at) * 1000000)::bigint,
  (extract(epoch from coalesce(i.asked_at, r.asked_at)) * 1000000)::bigint, r.answers::text
from surveys_response r left join surveys_invitation i on i.id = r.invitation_id
where r.survey = %s and r.answered_at is not null
"""
_SINCE = " and greatest(r.touched_at, r.recorded_at, r.erased_at) >= %s"


@dataclass(frozen=True)
class Answered:
    """`n` responses that count, in no order. `number`: their ids.

    `labels`: account, person, language, channel and version, [n] texts each, null where there is none. `at`: [n]
    microseconds since 1970; `day`, `asked`: [n] days since 1970 in the project's zone, `asked` far in the past where it
    is not known. `invited`: [n] whether a personal invitation reached them. `columns`: as `columns_of` gives them.
    `texts`: by question, [n] texts with nulls.
    """

    survey: Survey
    number: npt.NDArray[np.int64]
    labels: Mapping[str, pa.Array]
    finished: Truths
    invited: Truths
    at: npt.NDArray[np.int64]
    day: Ints
    asked: Ints
    columns: Mapping[str, Numbers]
    texts: Mapping[str, pa.Array]

    def __len__(self) -> int:
        return len(self.number)

    def where(self, chosen: Truths) -> Answered:
        """Some of them."""
        if chosen.all():
            return self
        mask = pa.array(chosen)
        return Answered(
            self.survey, self.number[chosen], {name: one.filter(mask) for name, one in self.labels.items()},
            self.finished[chosen], self.invited[chosen], self.at[chosen], self.day[chosen], self.asked[chosen],
            {name: one[chosen] for name, one in self.columns.items()},
            {name: one.filter(mask) for name, one in self.texts.items()},
        )  # fmt: skip


LABELS = ("account", "person", "language", "channel", "version")


Like = tuple[Survey, tuple[str, ...], str]
"""What answers are read by: the survey, its versions and the time zone."""


@dataclass(frozen=True)
class _Kept:
    like: Like
    mark: tuple[Any, ...]
    answered: Answered


class _Shelf:
    """What a process keeps, the latest last."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._lock = Lock()
        self.cache_clear = self._kept.clear

    def get(self, name: str, like: Like) -> _Kept | None:
        found = self._kept.get(name)
        return found if found is not None and found.like == like else None

    def put(self, name: str, one: _Kept) -> None:
        with self._lock:
            self._kept.pop(name, None)
            self._kept[name] = one
            while len(self._kept) > KEPT:
                self._kept.pop(next(iter(self._kept)))


_SHELF = _Shelf()


def answered_of(name: str, survey: Survey, editions: Mapping[str, Survey], zone: str) -> Answered:
    """Every response to a survey that counts. `survey`: merged of its `editions`, which are by version."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [name])
        mark = tuple(cursor.fetchone())
    like = (survey, tuple(sorted(editions)), zone)
    kept = _SHELF.get(name, like)
    if kept is not None and kept.mark == mark:
        return kept.answered
    found = _newer(name, kept, mark[0], editions) or _read(survey, editions, _rows(name), zone)
    _SHELF.put(name, _Kept(like, mark, found))
    return found


def _newer(name: str, kept: _Kept | None, count: int, editions: Mapping[str, Survey]) -> Answered | None:
    """What is kept with what changed since; None where rows went, or came with an earlier moment than those kept."""
    if kept is None or not len(kept.answered):
        return None
    survey, _, zone = kept.like
    fresh = _read(survey, editions, _rows(name, kept.mark[2]), zone)
    rest = kept.answered.where(~np.isin(kept.answered.number, fresh.number))
    return _together(rest, fresh) if len(rest) + len(fresh) == count else None


def _together(one: Answered, other: Answered) -> Answered:
    def joined(name: str) -> Any:
        return np.concatenate([getattr(one, name), getattr(other, name)])

    def texts(first: pa.Array, second: pa.Array) -> pa.Array:
        return pa.concat_arrays([first, second])

    return Answered(
        one.survey, joined("number"), {name: texts(label, other.labels[name]) for name, label in one.labels.items()},
        joined("finished"), joined("invited"), joined("at"), joined("day"), joined("asked"),
        {name: np.concatenate([column, other.columns[name]]) for name, column in one.columns.items()},
        {name: texts(column, other.texts[name]) for name, column in one.texts.items()},
    )  # fmt: skip


def _rows(name: str, since: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS + (_SINCE if since else ""), [name, since] if since else [name])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _read(survey: Survey, editions: Mapping[str, Survey], rows: Sequence[tuple[Any, ...]], zone: str) -> Answered:
    number, version, account, person, language, channel, finished, invited, at, asked, said = (
        zip(*rows, strict=True) if rows else ((),) * 11
    )
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    others = {which: meaning_else(survey, edition) for which, edition in editions.items()}
    answers = [
        readable(decode(text), others[which]) if which in others else {}
        for which, text in zip(version, said, strict=True)
    ]
    words = [one.name for one in survey.questions if isinstance(one, TextQuestion)]
    labels = zip(LABELS, (account, person, language, channel, version), strict=True)
    return Answered(
        survey, np.array(number, np.int64), {label: pa.array(one, pa.string()) for label, one in labels},
        np.array(finished, np.bool_), np.array(invited, np.bool_), np.array(at, np.int64), local_days(at, zone),
        local_days(asked, zone), columns_of(survey, answers),
        {name: pa.array([one.get(name) for one in answers], pa.string()) for name in words},
    )  # fmt: skip


def local_days(moments: Sequence[int | None], zone: str) -> Ints:
    """Days since 1970 in a time zone of microseconds in UTC."""
    local = pc.local_timestamp(pa.array(moments, _TIME).cast(pa.timestamp("us", zone)))
    days = local.cast(pa.date32()).cast(pa.int32()).fill_null(int(_NEVER))
    return np.asarray(days.to_numpy(zero_copy_only=False), dtype=np.int32)
