"""What a backend cannot do as the others do, each with its reason. A gap that closes fails the suite: strike it off."""

from __future__ import annotations

from typing import NamedTuple

from tests.backends.metrics import MetricCase


class Gap(NamedTuple):
    """On `backends` (dialects) the case is refused, or has other values than on the rest."""

    case: MetricCase
    backends: frozenset[str]
    reason: str


_DEFINITIONS = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  events: {file: events.csv, account: account_id, occurred_at: day}
metrics:
  value: {dataset: events, aggregate: %s}
"""


def _gap(name: str, aggregate: str, values: list[str], backends: set[str], reason: str) -> Gap:
    rows = "account_id,day,x\n" + "".join(f"A,2024-01-01,{value}\n" for value in values)
    case = MetricCase(f"gap_{name}", _DEFINITIONS % aggregate, {"events": rows}, ("2024-01-05",))
    return Gap(case, frozenset(backends), reason)


GAPS = (
    _gap(
        "sum", "sum(x)", ["1.7e308", "1.7e308"], {"postgres"},
        "PostgreSQL refuses a sum or mean beyond the range of float64; elsewhere it is infinity, which reads as null. "
        "It has no sum that does not, and the order of adding is its own, so it cannot be foreseen",
    ),
    _gap(
        "median", "median(x)", ["1.7e308", "-1.7e308"], {"postgres"},
        "PostgreSQL takes the middle of two numbers by their distance, which here is beyond the range of float64",
    ),
    _gap(
        "upper", "max(upper(x))", ["ß"], {"postgres", "pyspark"},
        "The other case of letters outside the alphabet is the database's: Spark writes SS, as Unicode has it in full; "
        "PostgreSQL follows the LC_CTYPE that the database was made with",
    ),
)  # fmt: skip
