from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("scorecards", "0002_built_started_at")]

    operations: ClassVar = [
        migrations.AddField(model_name="built", name="attempts", field=models.PositiveSmallIntegerField(default=0)),
    ]
