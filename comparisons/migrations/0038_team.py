"""Notes of those who work here, and when each of them looked at the desk."""


import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


GROUPS = ("viewer", "editor", "reviewer")


def give_permissions(apps, schema_editor):
    """Let everybody who works here read notes. Who may change claims writes them.

    Only the permission of this model is made here: Django makes those of all models after the last migration.
    """
    database = schema_editor.connection.alias
    kind, _new = apps.get_model("contenttypes", "ContentType").objects.using(database).get_or_create(
        app_label="comparisons", model="note"
    )
    view, _new = apps.get_model("auth", "Permission").objects.using(database).get_or_create(
        content_type=kind, codename="view_note", defaults={"name": "Can view note"}
    )
    for group in apps.get_model("auth", "Group").objects.using(database).filter(name__in=GROUPS):
        group.permissions.add(view)


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0037_forms_of_names_and_keys'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DeskVisit',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='user')),
                ('since', models.DateTimeField(verbose_name='last visit')),
                ('seen_at', models.DateTimeField(verbose_name='seen at')),
            ],
            options={
                'verbose_name': 'visit of the desk',
                'verbose_name_plural': 'visits of the desk',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='HistoricalNote',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_step', models.CharField(blank=True, choices=[('rename', 'Renamed'), ('merge', 'Merged'), ('move', 'Moved'), ('split', 'Split'), ('verdict', 'Verdict given'), ('own-publication', 'Published by its own author'), ('change-in-place', 'Changed in place'), ('put-back', 'Put back'), ('import', 'Imported'), ('approved', 'Approved')], default='', max_length=20)),
                ('history_origin', models.CharField(blank=True, default='', max_length=200)),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written at')),
                ('text', models.TextField(max_length=2000, verbose_name='text')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('article', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='comparisons.article', verbose_name='article')),
                ('author', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('claim', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='comparisons.claim', verbose_name='claim')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical note',
                'verbose_name_plural': 'historical notes',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written at')),
                ('text', models.TextField(max_length=2000, verbose_name='text')),
                ('article', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='comparisons.article', verbose_name='article')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('claim', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='comparisons.claim', verbose_name='claim')),
            ],
            options={
                'verbose_name': 'note',
                'verbose_name_plural': 'notes',
                'ordering': ['-written_at', '-pk'],
                'default_permissions': ('view',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('article__isnull', True), ('claim__isnull', False)), models.Q(('article__isnull', False), ('claim__isnull', True)), _connector='OR'), name='note_is_about_one_thing'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_has_text')],
            },
        ),
        migrations.RunPython(give_permissions, migrations.RunPython.noop),
    ]
