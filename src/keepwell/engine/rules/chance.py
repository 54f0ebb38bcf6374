"""Who is held out of a rule: drawn once by a keyed hash, so that anybody can draw the same again."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

_RANGE = float(2**64)


def draw(rule: str, account: str, salt: str = "") -> float:
    """A number from 0 up to 1 that rule, account and salt decide alone: the first 8 bytes of BLAKE2b, as a share."""
    text = f"{salt}\x1f{rule}\x1f{account}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest()) / _RANGE


def held_out(rule: str, share: float, accounts: Iterable[str], salt: str = "") -> npt.NDArray[np.bool_]:
    """[accounts] whether each is held out: the same for every occurrence, and for a larger share still held out."""
    if not share:
        return np.zeros(len(list(accounts)), dtype=np.bool_)
    return np.fromiter((draw(rule, account, salt) < share for account in accounts), dtype=np.bool_)
