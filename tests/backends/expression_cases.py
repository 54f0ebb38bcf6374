"""What expressions mean: a table that every backend must agree with, value by value and fault by fault."""

from __future__ import annotations

from tests.backends.cases_of_dates_and_casts import DATES_AND_CASTS
from tests.backends.cases_of_numbers import NUMBERS
from tests.backends.cases_of_truths_and_texts import TRUTHS_AND_TEXTS

CASES = [*NUMBERS, *TRUTHS_AND_TEXTS, *DATES_AND_CASTS]
