"""The way from a criterion to its places in comparisons, and names of records as readers know them.

Nothing changes in the database.
"""

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
        migrations.AlterModelOptions(
            name="paragraph",
            options={
                "ordering": ["comparison", "order"],
                "verbose_name": "paragraph “in short”",
                "verbose_name_plural": "paragraphs “in short”",
            },
        ),
        migrations.AlterModelOptions(
            name="verdictline",
            options={
                "ordering": ["comparison", "order"],
                "verbose_name": "line “in short”",
                "verbose_name_plural": "lines “in short”",
            },
        ),
        migrations.AlterConstraint(
            model_name="claim",
            name="claim_verdict_has_note",
            constraint=models.CheckConstraint(
                condition=~models.Q(verdict__in=["holds", "outdated", "wrong"]) | ~models.Q(verdict_note=""),
                name="claim_verdict_has_note",
                violation_error_message="The verdicts “holds”, “outdated” and “wrong” need a note.",
            ),
        ),
    ]
