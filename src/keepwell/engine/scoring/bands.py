"""Bands: which label a score has, from its unrounded value."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt

from keepwell.definitions.schemes import UNKNOWN, Scheme

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
"""The index of each score's band; in a scheme without bands the score rounded half up; -1 where the score is null."""


def band_codes(scores: Floats, scheme: Scheme) -> Codes:
    """The band of each score: (previous up_to, up_to], and 0 in the first. Any shape; NaN gives -1."""
    if scheme.bands:
        codes = np.zeros(scores.shape, np.int8)
        for band in scheme.bands[:-1]:
            codes += scores > band.up_to
    else:
        codes = _half_up(np.nan_to_num(scores)).astype(np.int8)
    codes[np.isnan(scores)] = -1
    return codes


def label_names(scheme: Scheme) -> npt.NDArray[np.object_]:
    """The text of each code, in order; the last one, which -1 finds, is `unknown`."""
    words = scheme.labels or tuple(str(number) for number in range(101))
    return np.array([*words, UNKNOWN], object)


def labels_of(scores: Floats, scheme: Scheme) -> npt.NDArray[np.object_]:
    """The label of each score; of a scheme without bands, the number rounded half up; `unknown` for null."""
    found: npt.NDArray[np.object_] = label_names(scheme)[band_codes(scores, scheme)]
    return found


def label_of(score: float | None, scheme: Scheme) -> str:
    """The label of one score; None and NaN are `unknown`."""
    return str(labels_of(np.array([np.nan if score is None else score]), scheme)[0])


def display_score(score: float | None, scheme: Scheme) -> str | None:
    """A score as a page shows it: rounded half up, with as many more decimals as keep it in its own band.

    50.04 is shown as 50.04 where 50 belongs to the band below; 49.6 and 72.5 as 50 and 73. None for null.
    """
    if score is None or np.isnan(score):
        return None
    exact, label = Decimal(repr(float(score))), label_of(score, scheme)
    decimals = max(-int(exact.as_tuple().exponent), 0)
    for places in range(decimals):
        shown = rounded_half_up(score, places)
        if not scheme.bands or label_of(float(shown), scheme) == label:
            return str(shown)
    return str(exact.quantize(Decimal(1).scaleb(-decimals)))


def rounded_half_up(number: float, places: int = 0) -> Decimal:
    """The shortest decimal that reads back as `number`, rounded half away from zero, as people round."""
    return Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _half_up(scores: Floats) -> Floats:
    """Floor, plus one from a half on: x + 0.5 itself could be rounded up just below a half."""
    whole = np.floor(scores)
    return whole + (scores - whole >= 0.5)
