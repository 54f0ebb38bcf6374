"""A seeded, simulated software company for demos, tests and experiments whose answer is known."""

from __future__ import annotations

from keepwell.simulation.company import Company, Drivers
from keepwell.simulation.shipped import write_definitions
from keepwell.simulation.simulate import Summary, simulate, write_company

__all__ = ["Company", "Drivers", "Summary", "simulate", "write_company", "write_definitions"]
