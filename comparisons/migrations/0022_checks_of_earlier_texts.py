"""Tell checks of what a claim says now from those of what it said before."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("comparisons", "0021_stance_partly_agrees"),
    ]

    operations = [
        migrations.AddField(
            model_name="check",
            name="superseded_on",
            field=models.DateField(
                blank=True,
                editable=False,
                help_text="When the claim was changed, so that the check says nothing about it any more.",
                null=True,
                verbose_name="superseded on",
            ),
        ),
    ]
