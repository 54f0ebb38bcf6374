import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connectors", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("target", models.CharField(max_length=100)),
                ("file_name", models.CharField(max_length=200)),
                ("size", models.BigIntegerField()),
                ("encoding", models.CharField(default="utf-8", max_length=20)),
                ("delimiter", models.CharField(default=",", max_length=1)),
                ("columns", models.JSONField(default=dict)),
                ("clears", models.BooleanField(default=False)),
                ("status", models.CharField(choices=[("matching", "Columns to be matched"), ("checking", "Being checked"), ("checked", "Checked"), ("taking", "Being taken"), ("writing", "Being written to the lake"), ("done", "Taken"), ("failed", "Failed"), ("undoing", "Being undone"), ("undone", "Undone")], default="matching", max_length=10)),
                ("mode", models.CharField(blank=True, max_length=10)),
                ("step", models.CharField(blank=True, max_length=100)),
                ("counts", models.JSONField(default=dict)),
                ("reasons", models.JSONField(default=list)),
                ("notes", models.JSONField(default=list)),
                ("error", models.TextField(blank=True)),
                ("asked_by", models.CharField(max_length=150)),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("began_at", models.DateTimeField(null=True)),
                ("beat_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("files_gone", models.BooleanField(default=False)),
                ("user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["target", "-id"], name="imports_of_target")],
            },
        ),
    ]
