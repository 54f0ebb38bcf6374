from __future__ import annotations

from keepwell.connect.spec import Setting, Spec

SPEC = Spec(
    name="files",
    title="Files",
    about="CSV, Parquet or JSON Lines in a folder of this machine or in object storage.",
    settings=(
        Setting("place", "Folder or bucket", "A folder that KEEPWELL_FOLDERS allows, or s3://bucket/folder."),
        Setting("delimiter", "Delimiter of CSV files", "Comma unless said here; tab for a tab.", required=False),
        Setting("encoding", "Encoding of text files", required=False, default="utf-8"),
        Setting(
            "endpoint", "Address of the storage", "For S3-compatible storage that is not Amazon's.", required=False
        ),
        Setting("region", "Region of the storage", "us-east-1 unless said here.", required=False),
        Setting("key", "Access key", "Of object storage; none for a public bucket.", required=False),
        Setting("secret", "Secret key", "Of object storage.", secret=True, required=False),
    ),
)
