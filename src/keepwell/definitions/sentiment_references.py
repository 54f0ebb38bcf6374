"""Checks of what is said of texts: their datasets are there, and tell whose a text is and when it was written."""

from __future__ import annotations

from keepwell.definitions.conditions import Names
from keepwell.definitions.issues import Issues, Path
from keepwell.definitions.names import unknown
from keepwell.definitions.project import Project


def check_sentiment(project: Project, names: Names, issues: Issues) -> None:
    """Adds an issue for each dataset of texts that is not there or lacks what texts need."""
    for name in project.settings.sentiment.texts:
        path: Path = ("settings", "sentiment", "texts", name)
        dataset = project.datasets.get(name)
        if name not in names["datasets"]:
            issues.add(path, unknown("dataset", name, names["datasets"]))
        elif dataset is not None:
            missing = [one for one in ("key", "account", "occurred_at") if not getattr(dataset, one)]
            if missing:
                issues.add(
                    path,
                    f"texts of '{name}' need a row's {', '.join(missing)}: give the dataset "
                    f"{' and '.join(f'{one!r}' for one in missing)}",
                )
