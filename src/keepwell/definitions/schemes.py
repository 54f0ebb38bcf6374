"""Schemes: how a score from 0 to 100 is put into words and colors."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from keepwell.definitions.base import Definition, Documented

UNKNOWN = "unknown"
"""The label of a score that is null, in every scheme."""

Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$"), Field(examples=["#3c8d40"])]


class Band(Definition):
    """The scores above the band before it, up to and including `up_to`; the first band holds 0 too."""

    label: Annotated[str, StringConstraints(min_length=1, max_length=60)] = Field(
        description="What scores of the band are called; `unknown` is kept for scores that are null"
    )
    up_to: Annotated[float, Field(gt=0, le=100)] = Field(
        description="The highest score of the band, included; the last band ends at 100"
    )
    color: Color | None = Field(None, description="How pages and the terminal paint it")


class Scheme(Documented):
    """Bands from worst to best, or none: then the number is the label."""

    bands: tuple[Band, ...] = Field((), description="From worst to best; without bands the number is the label")

    @model_validator(mode="after")
    def _bands_cover_the_scale(self) -> Scheme:
        for worse, better in pairwise(self.bands):
            if better.up_to <= worse.up_to:
                raise ValueError(
                    f"bands go from worst to best: '{better.label}' ends at {better.up_to:g}, "
                    f"not above the {worse.up_to:g} of '{worse.label}' before it"
                )
        if self.bands and self.bands[-1].up_to != 100:
            raise ValueError(f"the last band, '{self.bands[-1].label}', must reach up_to: 100")
        labels = [band.label for band in self.bands]
        if len(set(labels)) < len(labels):
            raise ValueError(f"each band needs a label of its own; found {', '.join(labels)}")
        if UNKNOWN in labels:
            raise ValueError(f"the label '{UNKNOWN}' is kept for scores that are null")
        return self

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(band.label for band in self.bands)

    def edges(self, label: str) -> tuple[float, float]:
        """Lower (excluded, but for 0) and upper (included) edge of a band. Raises KeyError for an unknown label."""
        lower = 0.0
        for band in self.bands:
            if band.label == label:
                return lower, band.up_to
            lower = band.up_to
        raise KeyError(label)
