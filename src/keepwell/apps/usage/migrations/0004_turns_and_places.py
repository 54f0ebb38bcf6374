from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0003_receptions")]

    operations = [
        migrations.CreateModel(
            name="Turn",
            fields=[
                ("id", models.IntegerField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
            ],
            options={"db_table": "usage_turn"},
        ),
        migrations.CreateModel(
            name="Unplaced",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.UUIDField()),
                ("day", models.DateField(db_index=True)),
            ],
            options={
                "db_table": "usage_unplaced",
                "constraints": [models.UniqueConstraint(fields=("person", "day"), name="a_person_waits_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Placing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("plan", models.BinaryField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"db_table": "usage_placing"},
        ),
        migrations.CreateModel(
            name="Erased",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("erased_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"db_table": "usage_erased"},
        ),
    ]
