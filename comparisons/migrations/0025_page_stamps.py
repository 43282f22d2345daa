"""Stamps by which kept pages notice writes: one for each table that was written to."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0024_changes_of_meaning'),
    ]

    operations = [
        migrations.CreateModel(
            name='PageStamp',
            fields=[
                ('table', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('stamp', models.CharField(max_length=16)),
            ],
            options={
                'verbose_name': 'page stamp',
                'verbose_name_plural': 'page stamps',
                'default_permissions': (),
            },
        ),
    ]
