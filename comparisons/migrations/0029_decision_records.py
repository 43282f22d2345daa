"""Keep the results of choices under addresses of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("comparisons", "0028_challenges"),
    ]

    operations = [
        migrations.CreateModel(
            name="DecisionRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=16, unique=True, verbose_name="key")),
                ("day", models.DateField(verbose_name="day")),
                ("state", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "decision record",
                "verbose_name_plural": "decision records",
                "ordering": ["-day", "key"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True), name="decision_record_has_key"
                    ),
                ],
            },
        ),
    ]
