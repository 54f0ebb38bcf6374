"""The plain randomised comparison: chance decided who was held out, so a difference is the effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from keepwell.learning.effects.estimate import Estimate, refused, too_few
from keepwell.learning.effects.facts import Facts
from keepwell.learning.effects.ledger import Treatments
from keepwell.learning.effects.targets import Target, followed, unknown_told
from keepwell.learning.outcomes import Flags, Floats

_Z = 1.959963984540054  # the 97.5 % point of the normal distribution


@dataclass(frozen=True)
class Difference:
    """Treated less held out, with its 95 % interval and the two means."""

    effect: float
    low: float
    high: float
    treated_mean: float
    compared_mean: float


def randomised(facts: Facts, drawn: Treatments, target: Target) -> Estimate | None:
    """Those drawn for one treatment against those held out of it, as they were drawn (intention to treat).

    `drawn`: the rows of one `by`. Each version of a rule that held somebody out is an experiment of its own, for its
    share of hold-outs may be another; they are averaged by their size. None where nobody was held out.
    """
    chosen, notes = _experiments(drawn)
    if not len(chosen):
        return None
    found = followed(facts, target, facts.codes(chosen.account), chosen.day.astype(np.int64))
    treated = ~chosen.is_held_out
    told = (*unknown_told(treated, found), *unknown_told(~treated, found, "held out"))
    notes = (*notes, *told, *_withdrawn(chosen))
    known = found.is_known
    arms, change = treated[known], found.change[known]
    counts = int(arms.sum()), int((~arms).sum())
    if reason := too_few(*counts) or _flat(target, change):
        return refused("randomised", target, *counts, reason, notes)
    strata = np.asarray(chosen.version.dictionary_encode().indices)[known]
    parts = list(_of_strata(arms, change, strata, target.is_loss))
    if not parts:
        return refused("randomised", target, *counts, "no version of the rule has two of each side", notes)
    one = _pooled(parts)
    return Estimate(
        "randomised", target, one.effect, one.low, one.high, one.treated_mean, one.compared_mean, *counts, None, notes
    )


def difference_of_shares(treated: Flags, compared: Flags) -> Difference:
    """Of two independent shares, with Newcombe's hybrid score interval (Newcombe 1998, method 10).

    It combines the score intervals of both (Wilson 1927), and holds its level with few events too.
    """
    (first, first_low, first_high), (other, other_low, other_high) = _wilson(treated), _wilson(compared)
    low = first - other - float(np.hypot(first - first_low, other_high - other))
    high = first - other + float(np.hypot(first_high - first, other - other_low))
    return Difference(first - other, low, high, first, other)


def difference_of_means(treated: Floats, compared: Floats) -> Difference:
    """Of two independent means, with Welch's interval (Welch 1947): spreads may differ."""
    from scipy.stats import t

    n, m = len(treated), len(compared)
    of_treated, of_compared = float(treated.var(ddof=1)) / n, float(compared.var(ddof=1)) / m
    error = float(np.sqrt(of_treated + of_compared))
    freedom = (of_treated + of_compared) ** 2 / (of_treated**2 / (n - 1) + of_compared**2 / (m - 1)) if error else 1.0
    reach = float(t.ppf(0.975, freedom)) * error
    first, other = float(treated.mean()), float(compared.mean())
    return Difference(first - other, first - other - reach, first - other + reach, first, other)


def _experiments(drawn: Treatments) -> tuple[Treatments, tuple[str, ...]]:
    """The rows of versions that treated some and held others out."""
    held = pc.unique(drawn.version.filter(drawn.is_held_out))
    treated = pc.unique(drawn.version.filter(~drawn.is_held_out))
    both = held.filter(pc.is_in(held, value_set=treated))
    kept = drawn.take(pc.is_in(drawn.version, value_set=both).to_numpy(zero_copy_only=False))
    rest = len(drawn) - len(kept)
    note = f"{rest:,} are left out: nobody was held out by the version of the rule that drew them"
    return kept, ((note,) if rest and len(kept) else ())


def _withdrawn(chosen: Treatments) -> Iterator[str]:
    count = int((~np.isnat(chosen.withdrawn_on) & ~chosen.is_held_out).sum())
    if count:
        yield f"{count:,} treatments were taken back later; their accounts count as drawn"


def _flat(target: Target, change: Floats) -> str | None:
    if len(change) and (change == change[0]).all():
        what = ("everybody was lost" if change[0] else "nobody was lost") if target.is_loss else "nothing moved at all"
        return f"{what}, on either side"
    return None


def _of_strata(arms: Flags, change: Floats, strata: np.ndarray, is_loss: bool) -> Iterator[tuple[int, Difference]]:
    for stratum in np.unique(strata):
        here = strata == stratum
        treated, compared = change[here & arms], change[here & ~arms]
        if min(len(treated), len(compared)) < 2:
            continue
        if is_loss:
            yield int(here.sum()), difference_of_shares(treated > 0, compared > 0)
        else:
            yield int(here.sum()), difference_of_means(treated, compared)


def _pooled(parts: list[tuple[int, Difference]]) -> Difference:
    """Averaged by size; the reaches of their intervals add up as those of independent estimates do."""
    sizes = np.array([size for size, _ in parts], np.float64)
    share = sizes / sizes.sum()
    rows = np.array([[one.effect, one.low, one.high, one.treated_mean, one.compared_mean] for _, one in parts])
    effect, _, _, treated, compared = (float(value) for value in share @ rows)
    below, above = (float(np.sqrt(((share * (rows[:, at] - rows[:, 0])) ** 2).sum())) for at in (1, 2))
    return Difference(effect, effect - below, effect + above, treated, compared)


def _wilson(events: Flags) -> tuple[float, float, float]:
    """A share with its score interval."""
    n, share = len(events), float(events.mean())
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    reach = _Z * float(np.sqrt(share * (1 - share) / n + _Z**2 / (4 * n * n))) / (1 + _Z**2 / n)
    return share, max(middle - reach, 0.0), min(middle + reach, 1.0)
