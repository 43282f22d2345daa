"""A name for the way from a criterion to its places in comparisons. Nothing changes in the database."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("comparisons", "0031_runs"),
    ]

    operations = [
        migrations.AlterField(
            model_name="comparisoncriterion",
            name="criterion",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                related_query_name="in_comparison",
                to="comparisons.criterion",
                verbose_name="criterion",
            ),
        ),
    ]
