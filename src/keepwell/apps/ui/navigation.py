"""The sections of the application, in the order of the sidebar."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    title: str
    path: str
    icon: str
    permission: str = "view"


SECTIONS = (
    Section("Home", "/", "home"),
    Section("Customers", "/customers/", "customers"),
    Section("Timeline", "/timeline/", "timeline"),
    Section("Configure", "/configure/", "configure", "configure"),
)
