"""The application's jobs, registered when Django is ready."""

from __future__ import annotations

from procrastinate import App


def on_ready(app: App) -> None:
    """Imports the apps' jobs, which register themselves with `app`."""
    from keepwell.apps.cockpit.jobs import blueprint as cockpit
    from keepwell.apps.connectors.importing.jobs import blueprint as imports
    from keepwell.apps.connectors.jobs import blueprint as connectors
    from keepwell.apps.customer_pages.jobs import blueprint as customer_pages
    from keepwell.apps.customers.jobs import blueprint as customers
    from keepwell.apps.dashboards.sending.jobs import blueprint as dashboards
    from keepwell.apps.experiments.jobs import blueprint as experiments
    from keepwell.apps.health.jobs import blueprint as health
    from keepwell.apps.notices.jobs import blueprint as notices
    from keepwell.apps.rules.jobs import blueprint as rules
    from keepwell.apps.rules.replaying.jobs import blueprint as replays
    from keepwell.apps.scorecards.jobs import blueprint as scorecards
    from keepwell.apps.sentiment.jobs import blueprint as sentiment
    from keepwell.apps.surveys.jobs import blueprint as surveys
    from keepwell.apps.usage.jobs import blueprint as usage

    app.add_tasks_from(cockpit, namespace="cockpit")
    app.add_tasks_from(connectors, namespace="connectors")
    app.add_tasks_from(customer_pages, namespace="customer_pages")
    app.add_tasks_from(customers, namespace="customers")
    app.add_tasks_from(dashboards, namespace="dashboards")
    app.add_tasks_from(experiments, namespace="experiments")
    app.add_tasks_from(health, namespace="health")
    app.add_tasks_from(imports, namespace="imports")
    app.add_tasks_from(notices, namespace="notices")
    app.add_tasks_from(replays, namespace="replays")
    app.add_tasks_from(rules, namespace="rules")
    app.add_tasks_from(scorecards, namespace="scorecards")
    app.add_tasks_from(sentiment, namespace="sentiment")
    app.add_tasks_from(surveys, namespace="surveys")
    app.add_tasks_from(usage, namespace="usage")
