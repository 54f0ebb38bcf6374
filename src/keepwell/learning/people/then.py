"""In which segment an account was when it was spoken of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from keepwell.definitions.project import Project
from keepwell.engine.facts import FactSource
from keepwell.engine.values import Days
from keepwell.learning.calibration.looking import note_segments
from keepwell.learning.scoring import Places
from keepwell.learning.valuing import DatedValues


def segments_then(
    project: Project, source: FactSource, account: pa.StringArray, day: Days, values: Path | None
) -> pa.StringArray:
    """[n] the first segment that each account was in on its day, null for none; `values`: see `DatedValues`."""
    places, segment = Places(account, day), np.full(len(account), None, object)
    if project.segments:
        for found in DatedValues(project, source, values).at(places.dates.tolist()):
            note_segments(project, found, places, segment)
    return pa.array(segment, pa.string())
