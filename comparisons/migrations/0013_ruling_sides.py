"""The sides of a ruling say which one was accepted."""

from django.db import migrations, models

VALUE = ("level_id", "number", "number_high", "text")


def gives(claim, ruling):
    return all(getattr(claim, name) == getattr(ruling, name) for name in VALUE)


def exchange_sides(apps, schema_editor):
    """Exchange the sides of rulings whose value a rejected claim gives and no accepted one, in their history too."""
    Ruling = apps.get_model("comparisons", "Ruling")
    for ruling in Ruling.objects.using(schema_editor.connection.alias).filter(is_open=False):
        accepted, rejected = list(ruling.accepted.all()), list(ruling.rejected.all())
        if any(gives(claim, ruling) for claim in rejected) and not any(gives(claim, ruling) for claim in accepted):
            ruling.accepted.set(rejected)
            ruling.rejected.set(accepted)
            _exchange_past(apps, schema_editor.connection.alias, ruling.pk)


def _exchange_past(apps, using, ruling):
    sides = [apps.get_model("comparisons", f"HistoricalRuling_{side}") for side in ("accepted", "rejected")]
    found = [
        list(side.objects.using(using).filter(ruling_id=ruling).values("id", "claim_id", "history_id")) for side in sides
    ]
    for side, rows in zip(sides, reversed(found)):
        side.objects.using(using).filter(ruling_id=ruling).delete()
        side.objects.using(using).bulk_create(side(ruling_id=ruling, **row) for row in rows)


class Migration(migrations.Migration):
    dependencies = [("comparisons", "0012_checks")]

    operations = [
        migrations.RenameField("ruling", "side_a", "rejected"),
        migrations.RenameField("ruling", "side_b", "accepted"),
        migrations.RenameModel("HistoricalRuling_side_a", "HistoricalRuling_rejected"),
        migrations.RenameModel("HistoricalRuling_side_b", "HistoricalRuling_accepted"),
        migrations.AlterModelOptions("historicalruling_rejected", {"verbose_name": "HistoricalRuling_rejected"}),
        migrations.AlterModelOptions("historicalruling_accepted", {"verbose_name": "HistoricalRuling_accepted"}),
        migrations.AlterField(
            "ruling",
            "accepted",
            models.ManyToManyField(
                blank=True,
                related_name="rulings_accepting",
                to="comparisons.claim",
                verbose_name="accepted claims",
            ),
        ),
        migrations.AlterField(
            "ruling",
            "rejected",
            models.ManyToManyField(
                blank=True,
                related_name="rulings_rejecting",
                to="comparisons.claim",
                verbose_name="rejected claims",
            ),
        ),
        migrations.AlterField(
            "claimsummary", "is_shown", models.BooleanField(help_text="published and cited")
        ),
        migrations.RunPython(exchange_sides, migrations.RunPython.noop),
    ]
