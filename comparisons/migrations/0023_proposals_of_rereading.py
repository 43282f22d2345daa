"""Remember with the proposal of an article that was read again which of its claims were looked at."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("comparisons", "0022_checks_of_earlier_texts"),
    ]

    operations = [
        migrations.AddField(model_name="proposal", name="looked_at", field=models.JSONField(default=list)),
    ]
