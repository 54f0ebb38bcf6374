"""From parameters to a folder: blocks are drawn several at a time, and written in order."""

from __future__ import annotations

import json
import shutil
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from keepwell.errors import RequestRefused
from keepwell.simulation.adoption import draw_adoption
from keepwell.simulation.blocks import draw_block
from keepwell.simulation.company import BLOCK, Company
from keepwell.simulation.effects import Effects
from keepwell.simulation.renewals import LOST, UNDECIDED
from keepwell.simulation.sizing import sized
from keepwell.simulation.tables import data_tables
from keepwell.simulation.truth import truth_document, truth_tables
from keepwell.simulation.usage import usage_tables
from keepwell.simulation.users import draw_users
from keepwell.simulation.write import Files, write_parts

Progress = Callable[[int, int], None]
"""Called with the accounts done so far and all of them."""


@dataclass(frozen=True)
class Summary:
    """What was written, and where. `rows` has the rows of each file, usage as one."""

    data: Path
    truth: Path
    company: Company
    rows: Mapping[str, int]
    renewals_decided: int
    renewals_lost: int


@dataclass(frozen=True)
class _Drawn:
    data: dict[str, pa.Table]
    truth: dict[str, pa.Table]
    accounts: int
    usage_rows: int
    decided: int
    lost: int


def simulate(
    folder: Path,
    *,
    end: date,
    accounts: int = 300,
    days: int = 730,
    seed: int = 7,
    effect: float = 0.6,
    usage_rows: int | None = None,
    at_once: int = 2,
    replace: bool = False,
    progress: Progress | None = None,
    **parameters: Any,
) -> Summary:
    """Write a simulated company: its data to `folder/data`, the truth behind them to `folder/truth`.

    `parameters` are the further fields of `Company`. `at_once` blocks of 1,000 accounts are drawn side by side; it
    changes memory and time and no byte of the files. Raises RequestRefused for parameters that make no company, and
    where data or truth are there already and `replace` is not set.
    """
    unknown = sorted(set(parameters) - set(Company.__dataclass_fields__))
    if unknown:
        raise RequestRefused(
            f"simulation: no parameter is called {', '.join(unknown)}; see keepwell.simulation.Company"
        )
    asked = Company(
        end=end, accounts=accounts, days=days, seed=seed, effect=effect, usage_rows=usage_rows, **parameters
    )
    return write_company(folder, asked, at_once=at_once, replace=replace, progress=progress)


def write_company(
    folder: Path, company: Company, *, at_once: int = 2, replace: bool = False, progress: Progress | None = None
) -> Summary:
    """`simulate` for parameters that are a `Company` already."""
    with _unfinished(folder, replace) as unfinished:
        used, effects = sized(company), Effects()
        decided = lost = usage = done = 0
        with Files(unfinished / "data") as data, Files(unfinished / "truth") as truth:
            (unfinished / "data" / "usage").mkdir()
            for drawn in _blocks(used, unfinished / "data" / "usage", at_once):
                data.append(drawn.data)
                truth.append(drawn.truth)
                effects.add(drawn.truth["interventions.parquet"])
                decided, lost, usage = decided + drawn.decided, lost + drawn.lost, usage + drawn.usage_rows
                done += drawn.accounts
                if progress is not None:
                    progress(done, company.accounts)
        _write_json(unfinished / "truth" / "company.json", truth_document(used, company, effects.summary()))
    rows = {"usage": usage, **data.rows}
    return Summary(folder / "data", folder / "truth", used, rows, decided, lost)


def _blocks(company: Company, usage_folder: Path, at_once: int) -> Iterator[_Drawn]:
    """Blocks in order, with no more than `at_once` of them in the making and one waiting."""
    waiting: deque[Future[_Drawn]] = deque()
    with ThreadPoolExecutor(max_workers=max(1, at_once)) as pool:
        for number in range(company.blocks):
            waiting.append(pool.submit(_draw, company, number, usage_folder))
            if len(waiting) > at_once:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _draw(company: Company, number: int, usage_folder: Path) -> _Drawn:
    block = draw_block(company, number)
    users, result = draw_users(block), block.renewals.result
    return _Drawn(
        usage_rows=write_parts(
            usage_folder / f"part-{number:04d}.parquet", usage_tables(block, users, draw_adoption(block))
        ),
        data=data_tables(block, users),
        truth=truth_tables(block),
        accounts=min(BLOCK, company.accounts - number * BLOCK),
        decided=int(np.count_nonzero(result != UNDECIDED)),
        lost=int(np.count_nonzero(result == LOST)),
    )


@contextmanager
def _unfinished(folder: Path, replace: bool) -> Iterator[Path]:
    """A place to write to; its parts move to the folder when all went well, and nothing stays otherwise."""
    taken = [name for name in ("data", "truth") if (folder / name).exists()]
    if taken and not replace:
        raise RequestRefused(f"{folder} already holds {' and '.join(taken)}; choose another folder, or replace them")
    unfinished = folder / ".unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
        for name in ("data", "truth"):
            shutil.rmtree(folder / name, ignore_errors=True)
            (unfinished / name).rename(folder / name)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _write_json(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
