"""Keep what readers saw of each comparison at the end of a day."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("comparisons", "0019_cell_caveats"),
    ]

    operations = [
        migrations.CreateModel(
            name="ComparisonEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record", models.PositiveBigIntegerField(verbose_name="comparison")),
                ("slug", models.CharField(max_length=120, verbose_name="slug")),
                ("day", models.DateField(verbose_name="day")),
                ("state", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "edition of a comparison",
                "verbose_name_plural": "editions of comparisons",
                "ordering": ["record", "-day"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["slug", "day"], name="edition_by_slug")],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "day"), name="edition_once_a_day"),
                    models.CheckConstraint(condition=models.Q(("slug", ""), _negated=True), name="edition_has_slug"),
                ],
            },
        ),
    ]
