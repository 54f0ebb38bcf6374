"""True average effects of playbooks on the chance to lose the next renewal, gathered over blocks."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


class Effects:
    """Sums over all accounts with a renewal after they were considered."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = defaultdict(int)
        self._sums: dict[tuple[str, str], float] = defaultdict(float)

    def add(self, interventions: pa.Table) -> None:
        """`interventions` as in the truth: one row per considered account with both of its futures."""
        known = interventions.filter(pc.is_valid(interventions["decided_on"]))
        difference = pc.subtract(known["churn_probability_treated"], known["churn_probability_untreated"]).to_pylist()
        names = ("playbook", "assignment", "treated")
        for playbook, assignment, treated, effect in zip(
            *(known[name].to_pylist() for name in names), difference, strict=True
        ):
            for group in self._groups(assignment, treated):
                self._counts[playbook, group] += 1
                self._sums[playbook, group] += effect

    @staticmethod
    def _groups(assignment: str, treated: bool) -> list[str]:
        groups = ["everybody_considered"]
        if treated:
            groups.append("treated")
        if assignment == "lottery":
            groups.append("lottery")
        return groups

    def summary(self) -> dict[str, dict[str, Any]]:
        """By playbook and group of accounts: mean effect on churn probability, and of how many accounts it is."""
        result: dict[str, dict[str, Any]] = defaultdict(lambda: {"effect_on_churn_probability": {}})
        for (playbook, group), count in self._counts.items():
            mean = self._sums[playbook, group] / count
            result[playbook]["effect_on_churn_probability"][group] = {"mean": mean, "accounts": count}
        return dict(result)
