"""What is told of work whose process ended again and again: tried for ever, it takes the worker from all others."""

from __future__ import annotations


def died(times: int) -> str:
    """Why it is not tried again, and what to do."""
    return (
        f"its process ended {times} times before it was done. Look at the worker's memory and log, or ask for a "
        "shorter time; asked again, it is tried again"
    )
