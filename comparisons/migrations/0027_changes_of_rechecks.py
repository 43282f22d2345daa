"""Rechecks are changes of meaning too, and so is what is compared: what there is already was there from the start."""

from django.db import migrations, models


def note_what_is_compared(apps, schema_editor):
    """Note each published framework and criterion without a day, so that later ones are known to be new."""
    using = schema_editor.connection.alias
    change = apps.get_model("comparisons", "MeaningChange")
    for name in ("framework", "criterion"):
        noted = change.objects.using(using).filter(key__startswith=f"{name}/").values(name)
        rows = apps.get_model("comparisons", name).objects.using(using).filter(is_draft=False).exclude(pk__in=noted)
        change.objects.using(using).bulk_create(
            [
                change(key=f"{name}/{row.pk}", kind="added", on=None, after=row.name[:200], **{name: row})
                for row in rows.order_by("pk").iterator(chunk_size=2000)
            ],
            batch_size=500,
        )


def forget(apps, schema_editor):
    """Drop what the table could not hold before."""
    change = apps.get_model("comparisons", "MeaningChange").objects.using(schema_editor.connection.alias)
    change.filter(models.Q(on=None) | models.Q(kind__in=["recheck", "rechecked"])).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0026_signs_of_life'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='meaningchange',
            name='meaning_change_kind_known',
        ),
        migrations.AlterField(
            model_name='meaningchange',
            name='kind',
            field=models.CharField(choices=[('answer', 'new answer'), ('disputed', 'now disputed'), ('settled', 'no longer disputed'), ('ruled', 'ruled'), ('unruled', 'ruling withdrawn'), ('fact-check', 'fact check'), ('recheck', 'may be outdated'), ('rechecked', 'checked again'), ('added', 'new here')], max_length=10),
        ),
        migrations.AlterField(
            model_name='meaningchange',
            name='on',
            field=models.DateField(db_index=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='meaningchange',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['answer', 'disputed', 'settled', 'ruled', 'unruled', 'fact-check', 'recheck', 'rechecked', 'added'])), name='meaning_change_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='meaningchange',
            constraint=models.CheckConstraint(condition=models.Q(('on__isnull', False), ('kind', 'added'), _connector='OR'), name='meaning_change_has_day'),
        ),
        migrations.RunPython(note_what_is_compared, forget),
    ]
