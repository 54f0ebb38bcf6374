"""How somebody wants to be told: the form reads what was chosen, the operation judges it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from keepwell.apps.notices.kinds import Kind, Way
from keepwell.apps.notices.preferences import WEEKDAYS, Preferences, zones

_WORDS = {
    Way.ASKED: "As the rule says",
    Way.EMAIL: "In Keepwell and by e-mail",
    Way.IN_APP: "In Keepwell",
    Way.OFF: "Not at all",
}
_DIGESTS = (("at_once", "At once"), ("daily", "Once a day"), ("weekly", "Once a week"))


def _time(label: str, help_text: str = "", *, required: bool = False) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, help_text=help_text, required=required, widget=widget)


class AlertSettingsForm(forms.Form):
    """One choice a kind, then when mail comes."""

    digest = forms.ChoiceField(label="Mail comes", choices=_DIGESTS)
    digest_at = _time("Time of the digest", "For once a day and once a week.", required=True)
    digest_weekday = forms.TypedChoiceField(
        label="Day of the digest", choices=list(enumerate(WEEKDAYS)), coerce=int, help_text="For once a week."
    )
    quiet_from = _time("Quiet from", "No mail is sent in quiet hours; it comes when they end.")
    quiet_until = _time("Quiet until")
    quiet_weekends = forms.BooleanField(label="Weekends are quiet", required=False)
    time_zone = forms.ChoiceField(
        label="Your time zone", required=False, help_text="It is that of your calendar too: of due dates."
    )

    def __init__(self, data: QueryDict | None, *, kinds: list[Kind], chosen: Preferences, usual_zone: str) -> None:
        super().__init__(data, initial=_initial(chosen, kinds))
        self._kinds = kinds
        self.fields["time_zone"].choices = [  # type: ignore[attr-defined]
            ("", f"As the project: {usual_zone}"),
            *((one, one.replace("_", " ")) for one in zones()),
        ]
        ways = {
            _field(kind): forms.ChoiceField(
                label=kind.title, help_text=kind.help, choices=[(str(way), _WORDS[way]) for way in kind.ways]
            )
            for kind in kinds
        }
        self.fields = {**ways, **self.fields}

    @property
    def ways(self) -> list[Any]:
        return [self[_field(kind)] for kind in self._kinds]

    @property
    def times(self) -> list[Any]:
        return [one for one in self if not one.name.startswith("way_")]

    def chosen(self) -> Preferences:
        said = self.cleaned_data
        ways = {kind.name: Way(said[_field(kind)]) for kind in self._kinds if said[_field(kind)] != kind.usual}
        return Preferences(ways, **{name: said[name] for name in said if not name.startswith("way_")})


def _field(kind: Kind) -> str:
    return f"way_{kind.name}"


def _initial(chosen: Preferences, kinds: list[Kind]) -> dict[str, Any]:
    plain = {name: value for name, value in vars(chosen).items() if name != "ways"}
    return plain | {_field(kind): str(chosen.way(kind.name)) for kind in kinds}
