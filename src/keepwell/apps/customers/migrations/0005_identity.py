import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_accounts_of_owner_by_arr")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="merged_into",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="merged", to="customers.person"),
        ),
        migrations.CreateModel(
            name="SourceId",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=100)),
                ("source_id", models.CharField(max_length=200)),
                ("rows", models.BigIntegerField(default=0)),
                ("last_seen", models.DateTimeField(null=True)),
                ("state", models.CharField(choices=[("open", "Leads to nobody"), ("linked", "Linked"), ("ignored", "Ignored")], default="open", max_length=10)),
                ("change", models.CharField(blank=True, max_length=60)),
                ("decided_by", models.CharField(blank=True, max_length=150)),
                ("decided_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField()),
                ("account", models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.account")),
            ],
            options={
                "indexes": [models.Index(fields=["state", "-rows", "id"], name="source_ids_by_rows")],
                "constraints": [models.UniqueConstraint(fields=("source", "source_id"), name="a_source_id_of_a_dataset")],
            },
        ),
    ]
