"""A table for the rows of editions, so that a change writes those that changed. Editions that exist stay as they are."""

import datetime

from django.db import migrations, models


def put_rows_back(apps, schema_editor):
    """Write the rows of each edition into its state, where the releases before look for them."""
    database = schema_editor.connection.alias
    rows = apps.get_model("comparisons", "EditionRow").objects.using(database)
    editions = apps.get_model("comparisons", "ComparisonEdition").objects.using(database)
    for record in rows.order_by("record").values_list("record", flat=True).distinct():
        own, known, since = rows.filter(record=record).order_by("day"), {}, datetime.date.min
        for key, day in editions.filter(record=record).order_by("day").values_list("pk", "day"):
            known.update(own.filter(day__gt=since, day__lte=day).values_list("criterion", "state"))
            edition, since = editions.get(pk=key), day
            names = edition.state.get("rows", [])
            if names and not isinstance(names[0], dict):
                edition.state = {**edition.state, "rows": [known[name] for name in names]}
                edition.save()


class Migration(migrations.Migration):
    dependencies = [("comparisons", "0040_precision_of_cells")]

    operations = [
        migrations.CreateModel(
            name="EditionRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record", models.PositiveBigIntegerField(verbose_name="comparison")),
                ("criterion", models.PositiveBigIntegerField(verbose_name="criterion")),
                ("day", models.DateField(verbose_name="day")),
                ("state", models.JSONField()),
            ],
            options={
                "verbose_name": "row of an edition",
                "verbose_name_plural": "rows of editions",
                "ordering": ["record", "criterion", "-day"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("record", "criterion", "day"), name="edition_row_once_a_day")
                ],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, put_rows_back),
    ]
