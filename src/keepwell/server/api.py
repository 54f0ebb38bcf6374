"""The API: everything the pages do, for programs. Each app brings a router; tokens say for whom a program acts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from keepwell.apps.administration.api import router as administration
from keepwell.apps.adoption.api import router as adoption
from keepwell.apps.advocacy.api import router as advocacy
from keepwell.apps.audit.api import router as audit
from keepwell.apps.cockpit.api import router as cockpit
from keepwell.apps.configuration.api import router as configuration
from keepwell.apps.connectors.api import router as connectors
from keepwell.apps.connectors.importing.api import router as imports
from keepwell.apps.customer360.api import router as explanations
from keepwell.apps.customer_pages.api import router as customer_pages
from keepwell.apps.customers.api import router as customers
from keepwell.apps.dashboards.api import router as dashboards
from keepwell.apps.dashboards.embedding.api import router as embeds
from keepwell.apps.dashboards.sending.api import router as mailed_dashboards
from keepwell.apps.experiments.api import router as experiments
from keepwell.apps.experiments.api_of_findings import router as findings
from keepwell.apps.health.api import router as health
from keepwell.apps.notices.api import router as notices
from keepwell.apps.portfolio.api import router as portfolio
from keepwell.apps.rest.authentication import VIEW
from keepwell.apps.rest.me import router as oneself
from keepwell.apps.rest.openapi import Api
from keepwell.apps.rest.problems import register
from keepwell.apps.rest.reference import Reference
from keepwell.apps.rules.api import router as rules
from keepwell.apps.scorecards.api import router as definitions
from keepwell.apps.sentiment.api import router as sentiment
from keepwell.apps.surveys.api import router as surveys
from keepwell.apps.timeline.api import router as timeline
from keepwell.apps.usage.api import router as usage

DESCRIPTION = """
Accounts, their scores and everything behind them; what people enter; definitions, runs, people.

Send `Authorization: Bearer TOKEN`; a token is made under *API tokens* and has no more than its scopes and its user's
role. Lists come in pages: send `next` of one page as `cursor` of the next. Errors are problem+json (RFC 9457).
"""

api = Api(
    title="Keepwell API",
    version="1",
    description=DESCRIPTION.strip(),
    auth=VIEW,
    docs=Reference(),
    openapi_url="/openapi.json",
    docs_url="/docs",
)
register(api)
for router in (
    oneself, imports, customers, customer_pages, health, portfolio, dashboards, explanations, timeline, cockpit,
    advocacy, adoption, usage, configuration, definitions, experiments, findings, rules, surveys, sentiment,
    administration, audit, notices, connectors, mailed_dashboards, embeds,
):  # fmt: skip
    api.add_router("/v1", router)


def unknown(request: HttpRequest, unknown: str) -> HttpResponse:
    """An address below /api/ that leads nowhere."""
    raise Http404
