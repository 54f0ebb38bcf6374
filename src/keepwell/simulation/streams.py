"""Random streams that depend on the seed, the subject and the block of accounts, and on nothing else.

Because no subject draws from another's stream, a change to tickets leaves invoices as they were; because no block draws
from another's, blocks may be made in any order and any number at a time.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np


def stream(seed: int, subject: str, block: int = 0) -> np.random.Generator:
    """The generator of one subject (a word of ours, such as "tickets") in one block of accounts."""
    key = np.random.SeedSequence(entropy=seed, spawn_key=(crc32(subject.encode()), block))
    return np.random.Generator(np.random.SFC64(key))
