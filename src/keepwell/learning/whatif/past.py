"""The past of a project, made once: observations, and the values of their accounts at their dates and no others."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from keepwell.definitions.project import Project
from keepwell.engine.facts import FactSource
from keepwell.engine.storing import read_values, write_values
from keepwell.engine.values import Days, Values
from keepwell.learning.honesty import honest
from keepwell.learning.observations import Codes, Observations
from keepwell.learning.observing import Question, observe
from keepwell.learning.outcomes import Flags, read_outcomes
from keepwell.learning.scoring import ABSENT, Places
from keepwell.learning.valuing import DatedValues
from keepwell.learning.warning import EARLY, looks_back
from keepwell.learning.whatif.subsets import of_accounts
from keepwell.whole_files import whole

MOST = 40_000
"""So many observations are kept; of more, those of accounts drawn by lot: a figure is wanted within a second."""
WHOLE = 60_000
"""Up to so many accounts and units, over all dates, everybody is kept: then scores may rest on those of others."""
_DRAWN = 0
"""The seed of the draw, so that every card is judged by the same accounts."""
_FACTS, _ROWS = "past.json", "rows.npz"


@dataclass(frozen=True)
class Past:
    """n observations, and behind them L looks back at losses, EARLY days before each.

    `account`, `as_of`: [n + L]. `lost`: [n]. `parts`: values of those who are looked at, one for each date; of
    everybody where `is_whole`. `columns`: of the datasets of accounts and relationships, which say what has no history.
    `of_accounts`: how many accounts there were before some were drawn.
    """

    account: pa.StringArray
    as_of: Days
    lost: Flags
    parts: tuple[Values, ...]
    columns: Mapping[str, Sequence[str]]
    trusted: tuple[str, ...]
    accounts: int
    of_accounts: int
    lead_days: int
    is_whole: bool = False

    def __len__(self) -> int:
        return len(self.lost)


def gather(
    project: Project,
    source: FactSource,
    question: Question,
    trusted: Collection[str],
    values: Path | None,
    advance: Callable[[int, int], None],
) -> Past:
    """Raises as a backtest does where there is nothing to look at. `values`: where values of whole dates are kept."""
    cleaned = honest(project, source, trusted).project
    every = observe(cleaned, source, read_outcomes(project, source), question)
    seen = drawn(every)
    looks = looks_back(seen, question)
    early = looks.days == EARLY
    account = pa.concat_arrays([_plain(seen.account), _plain(looks.account).filter(pa.array(early))])
    places = Places(account, np.concatenate([seen.as_of, looks.as_of[early]]))
    parts, is_whole = _parts(DatedValues(cleaned, source, values), places, advance)
    return Past(
        account=account,
        as_of=places.as_of,
        lost=seen.lost,
        parts=tuple(parts),
        columns=dict(_columns(project, source)),
        trusted=tuple(trusted),
        accounts=seen.accounts,
        of_accounts=every.accounts,
        lead_days=question.lead_days,
        is_whole=is_whole,
    )


def drawn(observations: Observations, most: int = MOST) -> Observations:
    """All of them where they are few enough, else those of accounts drawn by lot, each account with all of its own."""
    if len(observations) <= most:
        return observations
    lots = np.random.default_rng(_DRAWN).random(observations.accounts)
    return observations.take(lots[observations.codes] < most / len(observations))


def _parts(dated: DatedValues, places: Places, advance: Callable[[int, int], None]) -> tuple[list[Values], bool]:
    """With whether everybody is in them, as the first date decides."""
    dates = [day.astype(date) for day in places.dates]
    found: list[Values] = []
    is_whole = False
    for values in dated.at(dates):
        _, rows = places.at(values)
        is_whole = is_whole if found else _size(values) * len(dates) <= WHOLE
        found.append(values if is_whole else of_accounts(values, _known(rows)))
        advance(len(found), len(dates))
    return found, is_whole


def _size(values: Values) -> int:
    return len(values.accounts) + (len(values.relationships) if values.relationships is not None else 0)


def _known(rows: Codes) -> Codes:
    found: Codes = np.unique(rows[rows != ABSENT])
    return found


def _columns(project: Project, source: FactSource) -> Iterator[tuple[str, list[str]]]:
    for role in ("accounts", "relationships"):
        for name in project.all_with_role(role):
            yield name, list(source.table(name).columns)


def write_past(past: Past, folder: Path) -> None:
    """Writes it as a folder, which appears whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with whole(folder) as unfinished:
        try:
            _write(past, unfinished)
            shutil.rmtree(folder, ignore_errors=True)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise


def _write(past: Past, folder: Path) -> None:
    folder.mkdir()
    facts = {
        "columns": past.columns, "trusted": past.trusted, "accounts": past.accounts, "of_accounts": past.of_accounts,
        "lead_days": past.lead_days, "is_whole": past.is_whole, "parts": len(past.parts),
    }  # fmt: skip
    (folder / _FACTS).write_text(json.dumps(facts), encoding="utf-8")
    account = np.asarray(past.account.to_pylist(), dtype=np.str_)
    np.savez(folder / _ROWS, account=account, as_of=past.as_of, lost=past.lost)
    for number, values in enumerate(past.parts):
        write_values(values, folder / f"{number:04}.arrow")


def read_past(folder: Path) -> Past:
    facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
    with np.load(folder / _ROWS) as rows:
        account, as_of, lost = rows["account"], rows["as_of"], rows["lost"]
    return Past(
        account=pa.array(account.tolist(), pa.string()),
        as_of=as_of,
        lost=lost,
        parts=tuple(read_values(folder / f"{number:04}.arrow") for number in range(facts["parts"])),
        columns=facts["columns"],
        trusted=tuple(facts["trusted"]),
        accounts=facts["accounts"],
        of_accounts=facts["of_accounts"],
        lead_days=facts["lead_days"],
        is_whole=facts["is_whole"],
    )


def _plain(array: pa.Array) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
