"""The sections of the application, in the order of the sidebar."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    title: str
    path: str
    icon: str
    permission: str = "view"


SECTIONS = (
    Section("Home", "/", "home"),
    Section("Customers", "/customers/", "customers"),
    Section("Timeline", "/timeline/", "timeline"),
    Section("Configure", "/configure/", "configure", "configure"),
)

CONFIGURE = (
    Section("Scorecards", "/configure/scorecards/", "scorecards", "configure"),
    Section("Definitions", "/configure/definitions/", "definitions", "configure"),
    Section("Drafts", "/configure/drafts/", "drafts", "configure"),
    Section("Versions", "/configure/versions/", "versions", "configure"),
    Section("Runs", "/configure/runs/", "runs", "run"),
    Section("Entry types", "/configure/entry-types/", "timeline", "configure"),
    Section("People", "/configure/people/", "people", "administer"),
    Section("Teams", "/configure/teams/", "teams", "administer"),
    Section("Tokens", "/configure/tokens/", "tokens", "administer"),
    Section("Audit", "/configure/audit/", "audit", "administer"),
    Section("System", "/configure/system/", "system", "administer"),
)
