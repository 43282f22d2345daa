"""An index by which the desk counts the claims that nobody has checked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comparisons", "0008_former_addresses")]

    operations = [
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["status", "verdict"], name="claim_checked"),
        ),
    ]
