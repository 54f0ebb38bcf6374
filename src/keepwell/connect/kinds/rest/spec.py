from __future__ import annotations

from keepwell.connect.spec import Setting, Spec

WAYS = ("none", "token", "header", "password", "client credentials")

SPEC = Spec(
    name="rest",
    title="REST API",
    about="Any JSON API, by declaration: paths, where the rows are, how pages follow one another.",
    settings=(
        Setting("address", "Address", "What all paths follow, such as https://api.example.com/v1"),
        Setting("sign_in", "How to sign in", "token: Authorization: Bearer; header: a header of your own name.",
                default="none", required=False, choices=WAYS),
        Setting("user", "User or client id", "For password and client credentials.", required=False),
        Setting("header", "Header", "For header, such as X-Api-Key.", required=False),
        Setting("token_address", "Address of tokens", "For client credentials.", required=False),
        Setting("secret", "Token, password or client secret", secret=True, required=False),
        Setting("declaration", "Declaration", "YAML: `resources`, as in dlt's rest_api; see the how-to.", long=True),
    ),
)  # fmt: skip
