"""How exactly the days of a cell are known. `rebuild_cells` fills it in for stored cells."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comparisons", "0039_publishers")]

    operations = [
        migrations.AddField(
            model_name="cell",
            name=name,
            field=models.CharField(default="", help_text="how exactly that day is known", max_length=5),
        )
        for name in ("figure_precision", "newest_precision")
    ]
