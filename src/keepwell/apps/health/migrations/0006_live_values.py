from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('health', '0005_values_built_again'),
    ]

    operations = [
        migrations.CreateModel(
            name='LiveValues',
            fields=[
                ('account_id', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('run_id', models.BigIntegerField()),
                ('as_of', models.DateField()),
                ('known_at', models.DateTimeField()),
                ('row', models.BinaryField()),
            ],
        ),
    ]
