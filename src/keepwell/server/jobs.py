"""The application's jobs, registered when Django is ready."""

from __future__ import annotations

from procrastinate import App


def on_ready(app: App) -> None:
    """Imports the apps' jobs, which register themselves with `app`."""
    from keepwell.apps.health.jobs import blueprint as health

    app.add_tasks_from(health, namespace="health")
