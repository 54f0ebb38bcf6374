"""Dashboards as the form knows them."""

from __future__ import annotations

from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.form import Form, Known
from keepwell.apps.configuration.projects import Files
from keepwell.apps.dashboards.building.fields import fields_of, same_part
from keepwell.apps.dashboards.building.parts import ENTRIES, WORK, new_widget, with_charts_followed
from keepwell.definitions.catalogue import catalogue_names
from keepwell.definitions.periods import WORDS
from keepwell.definitions.project import Project

PERIODS = ("30 days", "90 days", "6 months", "12 months", *WORDS)


def known_of(project: Project, name: str) -> Known:
    """By the key of a field, what it may name."""
    return {
        "dataset": tuple(sorted(catalogue_names(project))),
        "period": PERIODS,
        "within": ("7 days", "30 days", "90 days"),
        "unit": ("%", "EUR", "USD", "hours", "days"),
    }


def new_dashboard(title: str, files: Files, project: Project) -> Document:
    """How many customers there are, and how they stand."""
    number, bars = new_widget("number", project), new_widget("bar", project)
    return {
        "title": title,
        "widgets": {
            "customers": {**number, "title": "Customers", "compare": "previous_period", "place": {"w": 3, "h": 2}},
            "bands": {**bars, "title": "Customers by band", "place": {"x": 3, "w": 6, "h": 4}},
        },
    }


DASHBOARD_FORM = Form(
    entries=ENTRIES,
    draft="Dashboards",
    fields=fields_of,
    same_part=same_part,
    parts=WORK,
    new=new_dashboard,
    known=known_of,
    following=with_charts_followed,
)
