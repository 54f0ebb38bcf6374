"""The sections of the application, in the order of the sidebar."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    title: str
    path: str
    icon: str
    permission: str = "view"
    also: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether a page belongs to it: one below its own address, or below those that are its own too."""
        return path == self.path if self.path == "/" else path.startswith((self.path, *self.also))


@dataclass(frozen=True)
class Group:
    """Pages of Configure that belong together; it leads to the first of them that one may see."""

    title: str
    sections: tuple[Section, ...]


SECTIONS = (
    Section("Home", "/", "home"),
    Section("Customers", "/customers/", "customers", also=("/portfolio/", "/lifecycle/", "/lists/", "/scores/")),
    Section("Cockpit", "/cockpit/", "cockpit"),
    Section("Timeline", "/timeline/", "timeline", also=("/voice/",)),
    Section("Usage", "/usage/", "usage"),
    Section("Surveys", "/surveys/", "surveys"),
    Section("Advocacy", "/advocacy/", "advocacy"),
    Section("Dashboards", "/dashboards/", "dashboards", also=("/schedules/", "/embeds/")),
    Section("Learning", "/learning/", "learning", "configure"),
    Section("Configure", "/configure/", "configure", "configure"),
)

GROUPS = (
    Group(
        "Health model",
        (
            Section("Scorecards", "/configure/scorecards/", "scorecards", "configure"),
            Section("Definitions", "/configure/definitions/", "definitions", "configure"),
            Section("Feature map", "/configure/features/", "features", "configure"),
            Section("Drafts", "/configure/drafts/", "drafts", "configure"),
            Section("Versions", "/configure/versions/", "versions", "configure"),
            Section("Runs", "/configure/runs/", "runs", "run"),
        ),
    ),
    Group(
        "Rules and playbooks",
        (
            Section(
                "Rules",
                "/configure/rules/",
                "rules",
                "configure",
                also=("/configure/rule-runs/", "/configure/rule-plan/"),
            ),
            Section("Playbooks", "/configure/playbooks/", "definitions", "configure"),
            Section("Stages", "/configure/stages/", "versions", "configure"),
            Section("Channels", "/configure/channels/", "versions", "configure", also=("/configure/deliveries/",)),
            Section("Entry types", "/configure/entry-types/", "timeline", "configure"),
        ),
    ),
    Group(
        "Voice of customers",
        (
            Section("Surveys", "/configure/surveys/", "surveys", "configure"),
            Section("Advocacy", "/configure/advocacy/", "advocacy", "configure", also=("/configure/candidates/",)),
            Section("Sentiment", "/configure/sentiment/", "timeline", "configure"),
        ),
    ),
    Group("Reports", (Section("Dashboards", "/configure/dashboards/", "dashboards", "configure"),)),
    Group(
        "Data",
        (
            Section(
                "Connectors",
                "/configure/connectors/",
                "definitions",
                "configure",
                also=("/configure/syncs/", "/configure/sync-runs/"),
            ),
            Section("Imports", "/configure/imports/", "imports", "bulk"),
            Section("Write-back", "/configure/write-back/", "versions", "configure"),
            Section("Write keys", "/configure/write-keys/", "write-keys", "configure"),
            Section("Quarantine", "/configure/quarantine/", "quarantine", "configure"),
            Section("Identity", "/configure/identity/", "identity", "administer"),
        ),
    ),
    Group(
        "People and system",
        (
            Section("People", "/configure/people/", "people", "administer"),
            Section("Teams", "/configure/teams/", "teams", "administer"),
            Section("Tokens", "/configure/tokens/", "tokens", "administer"),
            Section("Audit", "/configure/audit/", "audit", "administer"),
            Section("System", "/configure/system/", "system", "administer"),
        ),
    ),
)

CONFIGURE = tuple(section for group in GROUPS for section in group.sections)
