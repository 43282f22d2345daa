"""What limits a partial value, beside it; and an index from which the rows of a large matrix are chosen.

`rebuild_cells` fills in the caveats of stored cells.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comparisons", "0014_proposals")]

    operations = [
        migrations.AddField(
            model_name="cell",
            name="caveat",
            field=models.CharField(default="", help_text="what limits a partial value, in a line", max_length=120),
        ),
        migrations.RemoveIndex(model_name="cell", name="cell_by_criterion"),
        migrations.AddIndex(
            model_name="cell",
            index=models.Index(
                fields=["criterion", "framework", "value_key", "level", "agreement", "release_on"], name="cell_standing"
            ),
        ),
    ]
