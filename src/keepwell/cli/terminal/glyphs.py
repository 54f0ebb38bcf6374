"""The characters of bars, lines and marks, and what stands in for them where a terminal knows only ASCII."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Glyphs:
    eighths: str  # parts of one cell of a bar, growing; the last is full
    track: str  # the rest of a bar
    lost: str  # points that a measure did not give
    levels: str  # a sparkline's, from the bottom
    worst: str
    between: str
    best: str
    unknown: str
    plain: str  # the mark of a scheme without bands
    good: str
    bad: str
    up: str
    down: str
    same: str
    minus: str
    dot: str
    dash: str
    less: str
    more: str
    branch: str
    rule: str


UNICODE = Glyphs(
    eighths="▏▎▍▌▋▊▉█",
    track="·",
    lost="░",
    levels="▁▂▃▄▅▆▇█",
    worst="▼",
    between="◆",
    best="●",
    unknown="○",
    plain="•",
    good="✓",
    bad="✗",
    up="▲",
    down="▼",
    same="=",
    minus="−",
    dot="·",
    dash="–",
    less="≤",
    more="…",
    branch="└",
    rule="─",
)
ASCII = Glyphs(
    eighths="#",
    track=".",
    lost=":",
    levels="_.-=+*%#",
    worst="v",
    between="o",
    best="*",
    unknown="?",
    plain="-",
    good="ok",
    bad="x",
    up="^",
    down="v",
    same="=",
    minus="-",
    dot="|",
    dash="-",
    less="<=",
    more="...",
    branch="`",
    rule="-",
)
