"""Say in a word what kind of change each entry of a history records; so far only its reason, a sentence, told."""

import re

from django.db import migrations, models

HISTORIES = ("article", "citation", "claim", "comparison", "criterion", "framework", "level", "ruling")
STEPS = [
    ("rename", "Renamed"),
    ("merge", "Merged"),
    ("move", "Moved"),
    ("split", "Split"),
    ("verdict", "Verdict given"),
    ("own-publication", "Published by its own author"),
    ("change-in-place", "Changed in place"),
    ("put-back", "Put back"),
    ("import", "Imported"),
]
#: The kinds of trouble with an address, in the words they have now.
TROUBLES = [
    ("no-host", "No such host"),
    ("name-server", "Host not found"),
    ("refused", "Connection refused"),
    ("unreachable", "Not reached"),
    ("timeout", "Too slow"),
    ("certificate", "Bad certificate"),
    ("encryption", "No encryption"),
    ("broken", "Broken answer"),
    ("too-large", "Too large"),
    ("redirects", "Too many redirects"),
    ("not-allowed", "Not asked"),
    ("robots", "Robots not allowed"),
]
#: How the reasons that were written so far begin, and the steps that they stand for.
BEGINNINGS = {
    "Renamed from ": "rename",
    "Merged from ": "merge",
    "Merged into ": "merge",
    "Merged: ": "merge",
    "Moved: ": "move",
    "Split from ": "split",
    "Split: ": "split",
    "verdict given": "verdict",
    "published by its own author": "own-publication",
    "changed in place by a superuser": "change-in-place",
    "put back as it was on ": "put-back",
    "Import of ": "import",
}
#: The address in a reason. Where the reason was cut at its hundredth character, the address may be cut too.
ORIGIN = re.compile(r"(?:(?:Renamed|Merged|Split) from|Moved: [a-z]+) ([a-z0-9][a-z0-9.-]*)(?![a-z0-9.…-])")


def fill(apps, schema_editor):
    """Fill the new fields of existing entries from their reasons."""
    for name in HISTORIES:
        entries = apps.get_model("comparisons", f"historical{name}")._base_manager.using(schema_editor.connection.alias)
        for beginning, step in BEGINNINGS.items():
            entries.filter(history_change_reason__startswith=beginning).update(history_step=step)
        named = entries.filter(history_step__in=["rename", "merge", "move", "split"]).order_by()
        for reason in list(named.values_list("history_change_reason", flat=True).distinct()):
            if found := ORIGIN.match(reason):
                named.filter(history_change_reason=reason).update(history_origin=found[1])


class Migration(migrations.Migration):
    dependencies = [("comparisons", "0009_claim_checked")]

    operations = [
        *(
            migrations.AddField(
                model_name=f"historical{name}",
                name="history_step",
                field=models.CharField(blank=True, choices=STEPS, default="", max_length=20),
            )
            for name in HISTORIES
        ),
        *(
            migrations.AddField(
                model_name=f"historical{name}",
                name="history_origin",
                field=models.CharField(blank=True, default="", max_length=120),
            )
            for name in HISTORIES
        ),
        migrations.AlterField(
            model_name="claimsummary",
            name="place",
            field=models.PositiveIntegerField(
                help_text="its bit in the sets of claims that are counted, from 0", unique=True
            ),
        ),
        migrations.AlterField(
            model_name="linkcheck",
            name="trouble",
            field=models.CharField(
                blank=True, choices=TROUBLES, default="", max_length=11, verbose_name="trouble"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
