"""Who gets what of dashboards: one line a route, as in test_routes.py."""

from __future__ import annotations

from typing import Any

from tests.apps.deciding import SIGNED_IN, R

_ONE: dict[str, Any] = {"fill": {"key": "support"}}
_WIDGET: dict[str, Any] = {"fill": {"key": "support", "name": "tickets"}}

DASHBOARDS: dict[str, R] = {
    "dashboards/": R(SIGNED_IN),
    "dashboards/<str:key>/": R(SIGNED_IN, **_ONE),
    "dashboards/<str:key>/favourite/": R(post=SIGNED_IN, data={"favourite": "yes"}, **_ONE),
    "dashboards/<str:key>/layout.css": R(SIGNED_IN, **_ONE),
    "dashboards/<str:key>/choices/<str:name>/": R(SIGNED_IN, fill={"key": "support", "name": "csm"}),
    "dashboards/<str:key>/widgets/<str:name>/": R(SIGNED_IN, **_WIDGET),
    "dashboards/<str:key>/widgets/<str:name>/file.csv": R(SIGNED_IN, **_WIDGET),
    "dashboards/<str:key>/widgets/<str:name>/rows/": R(SIGNED_IN, **_WIDGET),
    "api/v1/dashboards": R(SIGNED_IN),
    "api/v1/dashboards/<key>/favourite": R(put=SIGNED_IN, data={"favourite": True}, **_ONE),
    "api/v1/dashboards/<key>/widgets/<name>": R(SIGNED_IN, **_WIDGET),
    "api/v1/dashboards/<key>/widgets/<name>/rows": R(SIGNED_IN, **_WIDGET),
}
