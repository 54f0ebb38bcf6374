"""keepwell drain: what came in goes to the lake."""

from __future__ import annotations


def drain() -> None:
    """Move accepted events into the lake and re-score the accounts they touch, until stopped; needs DATABASE_URL.

    `keepwell serve` and `keepwell worker` run one already. Of several, one is at work and the others stand by.
    """
    from keepwell.server.draining import drain_until_stopped

    drain_until_stopped()
