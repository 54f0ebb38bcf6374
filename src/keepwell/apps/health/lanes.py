"""Lanes of the worker: jobs of one lane wait for each other, and none waits for another lane."""

from __future__ import annotations

RUNS = "runs"
"""Whole populations scored: minutes."""

BUILDS = "builds"
"""What somebody looks at a page for: previews, backtests, dates of the past. Seconds to minutes."""

SHORT = "default"
"""Everything else: mail, notices, reminders, a few accounts scored again. The queue of jobs that name none."""

PULLS = "pulls"
"""What is fetched from other systems and sent to them: they may answer slowly, and ask to wait."""

DELIVERIES = "deliveries"
"""What is told to channels: Slack and webhooks that may hang hold up nothing but each other, and that not for long."""

RULES = "rules"
"""What rules decide and do, seconds after the scores that they look at."""

LETTERS = "letters"
"""Letters to customers, so many a minute: the mail of people who work here does not wait for them."""

LANES = (RUNS, BUILDS, SHORT, PULLS, DELIVERIES, RULES, LETTERS)
