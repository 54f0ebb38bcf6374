"""Texts as numbers: a dictionary that only grows, so that what was kept by number stays right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[np.int64]

ABSENT = -2


def coded(known: pa.Array, column: pa.ChunkedArray | pa.Array) -> tuple[pa.Array, Codes]:
    """The number of each text (-1 for null), and the dictionary with what was not yet in it at the end."""
    texts = column.cast(pa.string())
    places = pc.index_in(texts, value_set=known)
    fresh = pc.and_(pc.is_null(places), pc.is_valid(texts))
    if pc.any(fresh).as_py():
        more = texts.filter(fresh).unique()
        known = pa.concat_arrays([known, *(more.chunks if isinstance(more, pa.ChunkedArray) else [more])])
        places = pc.index_in(texts, value_set=known)
    return known, pc.fill_null(places, -1).to_numpy(zero_copy_only=False).astype(np.int64)


def code_of(known: pa.Array, text: str) -> int:
    """The number of one text; ABSENT, which no row has, where it is not in the dictionary."""
    found = int(pc.index(known, pa.scalar(text, pa.string())).as_py())
    return found if found >= 0 else ABSENT


def padded(array: npt.NDArray[Any], length: int, fill: int = 0, kind: npt.DTypeLike | None = None) -> npt.NDArray[Any]:
    """A copy with as many columns in its last dimension, of another type where one is named."""
    shape: Sequence[int] = (*array.shape[:-1], length)
    wider = np.empty(shape, dtype=kind or array.dtype)
    wider[..., : array.shape[-1]] = array
    wider[..., array.shape[-1] :] = fill
    return wider
