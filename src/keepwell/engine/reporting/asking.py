"""What a reader asks for: the date, the time, which accounts, and how much at most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import ibis.expr.types as ir

from keepwell.definitions.expressions import Expression
from keepwell.definitions.periods import Period


@dataclass(frozen=True)
class Asked:
    """`conditions`: over accounts, all of which must hold. `sight`: the accounts that the reader may see, a relation
    with the one column `account_id` on the same backend as the tables; None sees all. It is joined in every query.

    `known_at`: only what had arrived by then (naive: in the project's zone); the end of `as_of` unless given. `period`:
    instead of what dashboard and widgets say. `most`: so many rows of a result at most.
    """

    as_of: date
    known_at: datetime | None = None
    period: Period | None = None
    conditions: tuple[Expression, ...] = ()
    sight: ir.Table | None = None
    most: int = 10_000

    @property
    def narrows(self) -> bool:
        """Whether some accounts are left out."""
        return bool(self.conditions) or self.sight is not None
