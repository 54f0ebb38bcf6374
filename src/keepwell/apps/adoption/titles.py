"""What people call a feature."""

from __future__ import annotations

from keepwell.definitions.project import Project

_SHORT = frozenset({"api", "crm", "csv", "pdf", "sso", "sdk", "url"})


def titles_of(project: Project) -> dict[str, str]:
    """By name, of the features of the map."""
    return {name: one.title or in_words(name) for name, one in project.features.items()}


def in_words(name: str) -> str:
    """A name of a feature as a title: Task board instead of task_board."""
    words = name.replace("_", " ").strip()
    return words.upper() if words in _SHORT else words[:1].upper() + words[1:]
