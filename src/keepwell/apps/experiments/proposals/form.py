"""Limits as a form: a row for each measure of the card, one for each group, and what holds for the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from keepwell.apps.experiments.asking import LONGEST, as_trusted, span_to_begin_with
from keepwell.apps.experiments.proposals.asking import LEAD_DAYS, WantedProposal
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import Scorecard

_DIRECTIONS = (("", "learned"), ("higher_is_better", "higher is better"), ("lower_is_better", "lower is better"))
_ADDITIONS = (("any", "Any metric"), ("none", "None"), ("these", "These alone"))


@dataclass(frozen=True)
class Row:
    """A measure or group of the card with its inputs; `share`: of the card now, in per cent."""

    name: str
    title: str
    group: str
    share: float
    inputs: dict[str, forms.BoundField]


def _percent(label: str) -> forms.FloatField:
    return forms.FloatField(label=label, required=False, min_value=0, max_value=100,
                            widget=forms.NumberInput(attrs={"class": "number", "step": "1"}))  # fmt: skip


def _names(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=2_000, help_text=help_text,
                           widget=forms.TextInput(attrs={"list": "metrics"}))  # fmt: skip


class LimitsForm(forms.Form):
    as_of = forms.DateField(
        label="Learn from what was known on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    lead_days = forms.IntegerField(
        label="Lead time in days", min_value=0, max_value=LONGEST,
        help_text="How long before each decision accounts are looked at: the time that you need to act.",
    )  # fmt: skip
    horizon_days = forms.IntegerField(
        label="Horizon in days", required=False, min_value=1, max_value=LONGEST,
        help_text="Look at everybody on a grid of dates instead of before each decision. Always so where outcomes hold "
        "losses only.",
    )  # fmt: skip
    most_measures = forms.IntegerField(
        label="At most so many measures", required=False, min_value=1, max_value=200,
        help_text="A short card is read; a long one is skipped.",
    )  # fmt: skip
    additions = forms.ChoiceField(label="Metrics that may be added", choices=_ADDITIONS)
    these = _names("Which", "Where “these alone” is chosen: names of metrics, with commas between.")
    leave_out = _names("Never use", "Metrics that the proposal must not hold, with commas between.")
    as_now = forms.BooleanField(
        label="Count what has no history as it is now", required=False,
        help_text="Attributes and datasets without dates are left out otherwise: nobody knows what they were then.",
    )  # fmt: skip

    def __init__(self, project: Project, card: str, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        begin = {"as_of": span_to_begin_with()[1], "lead_days": LEAD_DAYS, "additions": "any", **(initial or {})}
        super().__init__(data, initial=begin)
        self.card: Scorecard = project.scorecards[card]
        self._card_name = card
        for name, measure in self.card.measures.items():
            said = measure.title or name
            self.fields[f"fixed:{name}"] = forms.BooleanField(label=f"{said} stays as it is", required=False)
            self.fields[f"least:{name}"] = _percent(f"Least share of {said}")
            self.fields[f"most:{name}"] = _percent(f"Largest share of {said}")
            self.fields[f"direction:{name}"] = forms.ChoiceField(
                label=f"Direction of {said}", required=False, choices=_DIRECTIONS
            )
            self.fields[f"out:{name}"] = forms.BooleanField(label=f"Leave {said} out", required=False)
        for name in self.card.groups:
            self.fields[f"group:{name}"] = _percent(f"Least share of the group {name}")

    @property
    def plain(self) -> list[forms.BoundField]:
        """The inputs that stand one below the other."""
        return [self[name] for name in self.fields if ":" not in name]

    @property
    def measures(self) -> Iterator[Row]:
        from keepwell.learning.optimizer.conditions import current_shares

        shares = current_shares(self.card)
        for group_name, group in self.card.groups.items():
            for name, measure in group.measures.items():
                inputs = {part: self[f"{part}:{name}"] for part in ("fixed", "least", "most", "direction", "out")}
                yield Row(name, measure.title or name, group_name, shares[name], inputs)

    @property
    def groups(self) -> Iterator[Row]:
        whole = sum(group.weight for group in self.card.groups.values())
        for name, group in self.card.groups.items():
            yield Row(name, name, "", 100 * group.weight / whole, {"least": self[f"group:{name}"]})

    def wanted(self, of: str) -> WantedProposal:
        said = self.cleaned_data
        return WantedProposal(
            of, self._card_name, said["as_of"], said["lead_days"], said["horizon_days"], dict(self._limits())
        )

    def _limits(self) -> Iterator[tuple[str, Any]]:
        """Only what was said: an empty form sets no limit."""
        said, names = self.cleaned_data, list(self.card.measures)
        left_out = [*(name for name in names if said[f"out:{name}"]), *_listed(said["leave_out"])]
        found: dict[str, Any] = {
            "fixed": [name for name in names if said[f"fixed:{name}"]],
            "weights": {name: share for name in names if (share := self._share(name))},
            "groups": {name: {"at_least": least} for name in self.card.groups if (least := said[f"group:{name}"])},
            "most_measures": said["most_measures"],
            "direction": {name: to for name in names if (to := said[f"direction:{name}"])},
            "leave_out": left_out,
            "trust": list(as_trusted(said["as_now"])),
        }
        yield from ((key, value) for key, value in found.items() if value)
        if said["additions"] != "any":
            yield "additions", _listed(said["these"]) if said["additions"] == "these" else False

    def _share(self, name: str) -> dict[str, float]:
        ends = {"at_least": self.cleaned_data[f"least:{name}"], "at_most": self.cleaned_data[f"most:{name}"]}
        return {end: share for end, share in ends.items() if share is not None}


def as_before(parameters: dict[str, Any]) -> dict[str, Any]:
    """What was typed for a proposal, to ask it again or something near."""
    limits = parameters["limits"]
    additions = limits.get("additions", True)
    found = {name: parameters[name] for name in ("as_of", "lead_days", "horizon_days")}
    found |= {"most_measures": limits.get("most_measures"), "as_now": bool(limits.get("trust"))}
    found["additions"] = "these" if isinstance(additions, list) else "any" if additions else "none"
    found["these"] = ", ".join(additions) if isinstance(additions, list) else ""
    found["leave_out"] = ", ".join(limits.get("leave_out", []))
    found |= {f"fixed:{name}": True for name in limits.get("fixed", [])}
    for name, share in limits.get("weights", {}).items():
        found |= {f"least:{name}": share.get("at_least"), f"most:{name}": share.get("at_most")}
    found |= {f"direction:{name}": to for name, to in limits.get("direction", {}).items()}
    return found | {f"group:{name}": share["at_least"] for name, share in limits.get("groups", {}).items()}


def _listed(names: str) -> list[str]:
    return [one for name in names.split(",") if (one := name.strip())]
