"""What kinds of project ask, which editors write and readers start choosing from; decision records in the admin."""

import comparisons.domain.vocabulary
import django.db.models.deletion
from django.db import migrations, models


#: What an editor and a reviewer may do with these; viewers may see them.
WRITERS = ("editor", "reviewer")


def permission(apps, database, word, model, name):
    """A permission, made if it is not there: Django makes those of all models after the last migration."""
    kind, _new = apps.get_model("contenttypes", "ContentType").objects.using(database).get_or_create(
        app_label="comparisons", model=model
    )
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    defaults = {"name": f"Can {word} {name}"}
    return permissions.get_or_create(content_type=kind, codename=f"{word}_{model}", defaults=defaults)[0]


def give_permissions(apps, schema_editor):
    database = schema_editor.connection.alias
    seen = [
        permission(apps, database, "view", "startingneed", "need of a use case"),
        permission(apps, database, "view", "decisionrecord", "decision record"),
    ]
    words = ("add", "change", "delete")
    written = [permission(apps, database, word, "startingneed", "need of a use case") for word in words]
    for group in apps.get_model("auth", "Group").objects.using(database).filter(name__in=("viewer", *WRITERS)):
        group.permissions.add(*seen, *(written if group.name in WRITERS else []))


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0032_criteria_in_comparisons'),
    ]

    operations = [
        migrations.CreateModel(
            name='StartingNeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('bound', models.DecimalField(blank=True, decimal_places=4, help_text='The figure it has to reach, or, if lower is better, must not exceed. Empty: no must-have.', max_digits=16, null=True, verbose_name='bound')),
                ('weight', models.CharField(choices=[('none', 'None'), ('some', 'Some'), ('much', 'Much'), ('most', 'Most')], default='none', max_length=4, verbose_name='weight')),
                ('order', models.PositiveIntegerField(default=0, verbose_name='order')),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='needed_by', to='comparisons.criterion', verbose_name='criterion')),
                ('level', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comparisons.level', verbose_name='level')),
                ('use_case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='starting_needs', to='comparisons.criterion', verbose_name='use case')),
            ],
            options={
                'verbose_name': 'need of a use case',
                'verbose_name_plural': 'needs of use cases',
                'ordering': ['use_case__group__order', 'use_case__order', 'use_case__name', 'order', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('use_case', 'criterion'), name='starting_need_once'), models.CheckConstraint(condition=models.Q(('weight__in', ['none', 'some', 'much', 'most'])), name='starting_need_weight_known'), models.CheckConstraint(condition=models.Q(models.Q(('bound__isnull', True), ('level__isnull', False)), models.Q(('bound__isnull', False), ('level__isnull', True)), models.Q(('bound__isnull', True), ('level__isnull', True), models.Q(('weight', comparisons.domain.vocabulary.Importance['NONE']), _negated=True)), _connector='OR'), name='starting_need_asks_something', violation_error_message='Give a level, a bound or a weight, and not both a level and a bound.')],
            },
        ),
        migrations.AlterModelOptions(
            name='decisionrecord',
            options={'default_permissions': ('view',), 'ordering': ['-day', 'key'], 'verbose_name': 'decision record', 'verbose_name_plural': 'decision records'},
        ),
        migrations.RunPython(give_permissions, migrations.RunPython.noop),
    ]
