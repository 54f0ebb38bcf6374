"""Settings of a project folder: what stands in keepwell.yaml."""

from __future__ import annotations

from pydantic import Field

from keepwell.definitions.base import Definition
from keepwell.definitions.datasets import TimeZone
from keepwell.definitions.durations import Days
from keepwell.definitions.sentiment import Sentiment

FILE = "keepwell.yaml"


class Settings(Definition):
    """What holds for all definitions of a folder."""

    time_zone: TimeZone = Field("UTC", description="Dates are days in this zone")
    warehouse: str | None = Field(
        None,
        description="Where tables are: postgresql://user@host/database, spark://host:port or local[2]; else files",
    )
    holidays: str = Field(
        "",
        pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,8})?)?$",
        description="Country, or part of one, whose public holidays are no business days: DE, DE-BY, US-CA",
    )
    sentiment: Sentiment = Field(default_factory=Sentiment, description="How texts are judged, and where they are")
    restate: Days = Field(35, description="How far back facts that arrive late restate history")
