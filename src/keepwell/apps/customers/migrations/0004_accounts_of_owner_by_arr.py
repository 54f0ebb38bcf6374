from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_owners_by_hand_and_lake_writes")]

    operations = [
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                "owner", models.OrderBy(models.F("arr"), descending=True, nulls_last=True), "id",
                name="accounts_of_owner_by_arr",
            ),
        ),
    ]  # fmt: skip
