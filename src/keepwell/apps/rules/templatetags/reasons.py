"""Why a rule acted, in words."""

from __future__ import annotations

from django import template

from keepwell.engine.rules.because import because, parts_said

register = template.Library()
register.filter("because", because)
register.filter("parts_said", parts_said)
