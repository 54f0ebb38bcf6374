"""Which module answers which chart."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from keepwell.engine.reporting.charts import bar, number

CHARTS: Mapping[str, ModuleType] = {"number": number, "bar": bar}
