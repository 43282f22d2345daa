"""Runs of the programs that prove claims."""

import django.db.models.deletion
from django.db import migrations, models


GROUPS = ("viewer", "editor", "reviewer")


def give_permissions(apps, schema_editor):
    """Let everybody who works here see runs. Nobody changes them: machines make them."""
    database = schema_editor.connection.alias
    kind, _new = apps.get_model("contenttypes", "ContentType").objects.using(database).get_or_create(
        app_label="comparisons", model="run"
    )
    view, _new = apps.get_model("auth", "Permission").objects.using(database).get_or_create(
        content_type=kind, codename="view_run", defaults={"name": "Can view run"}
    )
    for group in apps.get_model("auth", "Group").objects.using(database).filter(name__in=GROUPS):
        group.permissions.add(view)


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0030_stored_sets'),
    ]

    operations = [
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('probe', models.CharField(max_length=200, verbose_name='program')),
                ('version', models.CharField(max_length=40, verbose_name='version')),
                ('python', models.CharField(max_length=40, verbose_name='Python')),
                ('outcome', models.CharField(choices=[('holds', 'Holds'), ('fails', 'Fails'), ('cannot-run', 'Could not be run')], max_length=10, verbose_name='outcome')),
                ('ran_on', models.DateField(verbose_name='ran on')),
                ('milliseconds', models.PositiveIntegerField(default=0, verbose_name='milliseconds')),
                ('packages', models.TextField(blank=True, default='', verbose_name='packages')),
                ('output', models.TextField(blank=True, default='', verbose_name='output')),
                ('digest', models.CharField(max_length=16, verbose_name='digest of the program')),
                ('is_isolated', models.BooleanField(default=False, verbose_name='isolated')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='comparisons.claim', verbose_name='claim')),
            ],
            options={
                'verbose_name': 'run',
                'verbose_name_plural': 'runs',
                'ordering': ['-ran_on', '-pk'],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['outcome', 'ran_on'], name='run_by_outcome')],
                'constraints': [models.UniqueConstraint(fields=('claim', 'probe', 'version'), name='run_once_per_version'), models.CheckConstraint(condition=models.Q(('outcome__in', ['holds', 'fails', 'cannot-run'])), name='run_outcome_known'), models.CheckConstraint(condition=models.Q(('probe', ''), _negated=True), name='run_has_probe'), models.CheckConstraint(condition=models.Q(('version', ''), _negated=True), name='run_has_version')],
            },
        ),
        migrations.RunPython(give_permissions, migrations.RunPython.noop),
    ]
