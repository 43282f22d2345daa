"""Checks of claims, the newest release that makes a recheck due, and the day a citation speaks for."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

GROUPS = ("viewer", "editor", "reviewer")


def give_permissions(apps, schema_editor):
    """Let everybody who works here see checks, and those who change claims delete one."""
    database = schema_editor.connection.alias
    config = apps.get_app_config("comparisons")
    before = getattr(config, "models_module", None)
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=database)
    config.models_module = before
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    known = permissions.filter(content_type__app_label="comparisons")
    for group in apps.get_model("auth", "Group").objects.using(database).filter(name__in=GROUPS):
        names = ["view_check"] if group.name == "viewer" else ["view_check", "delete_check"]
        group.permissions.add(*known.filter(codename__in=names))


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0011_benchmarks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='cell',
            name='latest_on',
            field=models.DateField(help_text='last feature release that makes a recheck due', null=True),
        ),
        migrations.AddField(
            model_name='cell',
            name='latest_version',
            field=models.CharField(default='', max_length=40),
        ),
        migrations.AddField(
            model_name='citation',
            name='dated_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='dated'),
        ),
        migrations.AlterField(
            model_name='cell',
            name='release_on',
            field=models.DateField(help_text='first feature release that makes a recheck due', null=True),
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(help_text='The version of the framework that it was checked with.', max_length=40, verbose_name='version')),
                ('checked_on', models.DateField(verbose_name='checked on')),
                ('holds', models.BooleanField(default=True, help_text='Untick it if the claim no longer holds in that version.', verbose_name='still holds')),
                ('note', models.TextField(blank=True, default='', help_text='How it was checked. In Markdown; readers see it.', verbose_name='note')),
                ('by', models.ForeignKey(blank=True, editable=False, help_text='Empty if a machine checked it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='comparisons.claim', verbose_name='claim')),
            ],
            options={
                'verbose_name': 'check',
                'verbose_name_plural': 'checks',
                'ordering': ['-checked_on', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('claim', 'version', 'checked_on'), name='check_once_a_day', violation_error_message='This claim was checked with this version on that day already.'), models.CheckConstraint(condition=models.Q(('version', ''), _negated=True), name='check_has_version')],
            },
        ),
        migrations.RunPython(give_permissions, migrations.RunPython.noop),
    ]
