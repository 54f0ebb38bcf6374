"""Tables of the charts of dashboards, and of the tables that every catalogue has."""

from __future__ import annotations

from generating.keys import keys
from generating.tables import sentence, table
from keepwell.definitions import widgets
from keepwell.definitions.catalogue import KNOWN_TABLES

_SHARED = frozenset(widgets.WidgetBase.model_fields)


def chart_keys() -> str:
    """A row a chart, then the keys of each that not all have."""
    models = widgets._WIDGETS
    first = table(
        ("chart", "what it shows"),
        [(f"`{chart}`", sentence((one.__doc__ or "").strip())) for chart, one in models.items()],
    )
    parts = []
    for chart, model in models.items():
        own = [name for name in model.model_fields if name not in _SHARED]
        parts.append(f"`{chart}`:\n\n{keys(f'{model.__name__}: {chr(32).join(own)}')}")
    return "\n\n".join([first, *parts])


def known_tables() -> str:
    """A row a table that the application keeps, with its columns."""
    rows = [
        (f"`{name}`", one.title, ", ".join(f"`{column}`" for column in one.columns))
        for name, one in KNOWN_TABLES.items()
    ]
    return table(("dataset", "holds", "columns"), rows)
