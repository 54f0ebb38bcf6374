"""Words that customers use of a supplier and that VADER's lexicon of social media does not have.

Written from knowledge of the field, with valences on VADER's scale from -4 to 4; not fitted to any texts.
"""

from __future__ import annotations

_BY_VALENCE: dict[float, str] = {
    -2.6: "shambles diabolical abysmal atrocious fobbed",
    -2.2: """crashes crashed crashing outage outages unusable overcharged unresponsive unreliable shoddy breaks
        downtime pouting""",
    -1.8: """buggy bug bugs slow slower slowly laggy overpriced unhelpful misled inaccurate incorrect delays churn
        churned churning cancellation disconnected disconnects disconnecting intermittent glitch glitches glitchy
        regress regression clunky cumbersome unintuitive inconsistent""",
    -1.4: """waiting waited wait waits chase chased chasing unable expensive pricey late overdue complicated issue
        issues canceled downgrade downgraded lacking lacks drops dropped dropping timeout timeouts escalate escalated
        escalation unanswered unresolved repeatedly incomplete outdated refund workaround workarounds undelivered""",
    -0.8: "still nobody twice weeks months hours again eventually took supposed told",
    1.0: "fixed works worked working explained user-friendly timely saves",
    1.8: """quick quickly fast faster prompt promptly smooth smoothly reliable intuitive knowledgeable professional
        informative attentive polite punctual simple straightforward""",
    2.2: "seamless seamlessly effortless effortlessly",
}
FIELD_WORDS: dict[str, float] = {word: valence for valence, line in _BY_VALENCE.items() for word in line.split()}
