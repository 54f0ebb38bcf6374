"""What the figures mean, in the words that stand below each chart, in its file, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

SAYS: Mapping[str, str] = {
    "active": "Active on a day: did anything at all on it. Weekly: on at least one of the last 7 days; monthly: of the "
    "last 28. Stickiness: daily over monthly, the share of the month's users that came that day.",
    "lifecycle": "New: active for the first time in the data. Returning: active, and in the period before too. "
    "Resurrected: back after at least one period away. Dormant: active in the period before and not in this one.",
    "accounts": "People: distinct users within the days chosen. This week: of them, those of the last 7 days. "
    "Stickiness: mean users a day over people. Breadth: distinct features. Depth: events for each of those people. "
    "Seats in use: people over seats, the licences bought (attribute seats); above 100 %, more people came than were "
    "paid for. First value: days from the start of the account to its first use.",
    "reach": "Reach: the share of active accounts (or people) that used the feature at least once within the days "
    "chosen. Active: used anything at all.",
    "matrix": "People of the account that used the feature within the days chosen, those accounts with most features "
    "first. An empty cell: nobody used it.",
    "overall": "The share of all cohorts that is active in the k-th period after the first, and in that one or later. "
    "Only cohorts whose k-th period is over count.",
    "cohorts": "A cohort is everybody whose first use falls into one period. Each cell: how many of them are active in "
    "the k-th period after the first; cumulative: in that one or any later one. Periods that have not begun are empty.",
    "funnel": "Each step comes after the one before it, and all of them within the days chosen of the first. Whoever "
    "begins several times counts once, with the way that gets farthest. Without times of day, steps may fall on the "
    "same day.",
    "paths": "Of each person the first time of the event, and what they did next; or, towards an event, the last time "
    "and what they did before. The same event several times in a row is one step; (end): nothing more was recorded; "
    "(other): what fewer people did.",
}
