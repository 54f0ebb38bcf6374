"""A dashboard of three widgets, so that tests of what leaves the page ask little: one number, one chart, one table."""

from __future__ import annotations

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_version

SMALL = """\
dashboards:
  small:
    title: Small book
    filters: {red: {title: Only red, where: label = 'red'}}
    widgets:
      customers: {title: Customers, chart: number, dataset: accounts, measure: count()}
      bands: {title: Bands, chart: bar, dataset: accounts, by: label, measures: {customers: count()}}
      names: {title: Names, chart: table, dataset: accounts, columns: {name: name}, measures: {revenue: sum(arr)}}
"""


def publish_small(text: str = SMALL) -> str:
    """Returns its key."""
    version = current_version()
    assert version is not None
    publish(actor=System("tests"), files={**version.files, "dashboards.yaml": text}, note="Dashboards")
    return "small"
