from __future__ import annotations

from keepwell.connect.spec import Setting, Spec

DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mssql": "mssql+pymssql"}

SPEC = Spec(
    name="sql",
    title="SQL database",
    about="Tables and views of PostgreSQL; of MySQL and SQL Server where their driver is installed.",
    settings=(
        Setting("database_kind", "Database", default="postgresql", required=False, choices=tuple(DRIVERS)),
        Setting("host", "Host", "Hosts in a private network must be allowed in KEEPWELL_OUTGOING."),
        Setting("port", "Port", required=False),
        Setting("database", "Name of the database"),
        Setting("schema", "Schema", "Where tables are looked for; the database's own default unless said here.",
                required=False),
        Setting("user", "User", "One that may read only is best."),
        Setting("password", "Password", secret=True, required=False),
        Setting("ssl", "Encryption (PostgreSQL)", default="prefer", required=False,
                choices=("prefer", "require", "verify-full", "disable")),
    ),
)  # fmt: skip
