from __future__ import annotations

from keepwell.connect.spec import Setting, Spec

SPEC = Spec(
    name="jira",
    title="Jira",
    about="Issues that changed since last time, and all projects, of Jira Cloud.",
    settings=(
        Setting("address", "Address", "Such as https://company.atlassian.net"),
        Setting("email", "Address of the user"),
        Setting("token", "API token", secret=True),
        Setting("jql", "Which issues", "JQL without order, such as project = SUP; all unless said here.",
                required=False),
        Setting("fields", "Fields", "Names with commas between.", default="*navigable", required=False),
    ),
)  # fmt: skip
