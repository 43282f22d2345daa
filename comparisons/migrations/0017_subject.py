"""The subject: what the knowledge base compares, in one record. Reviewers change it; editors and viewers read it."""

import comparisons.models.base
import comparisons.models.subject
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


#: What each group may do with the subject.
MAY = {
    "viewer": ["view_subject"],
    "editor": ["view_subject"],
    "reviewer": ["view_subject", "add_subject", "change_subject"],
}


def give_permissions(apps, schema_editor):
    database = schema_editor.connection.alias
    # Permissions are made after all migrations; these are needed now. Those of other models are left alone: a later
    # step gives those of renamed models their new names, and must find the old ones.
    types, permissions = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    kind, _created = types.objects.using(database).get_or_create(app_label="comparisons", model="subject")
    known = {
        f"{action}_subject": permissions.objects.using(database).get_or_create(
            content_type=kind, codename=f"{action}_subject", defaults={"name": f"Can {action} subject"}
        )[0]
        for action in ("add", "change", "delete", "view")
    }
    for group in apps.get_model("auth", "Group").objects.using(database).filter(name__in=list(MAY)):
        group.permissions.add(*(known[codename] for codename in MAY[group.name]))


def forget_proposals(apps, schema_editor):
    """On the way back: proposals of this kind would break the rule about the kinds there are."""
    proposals = apps.get_model("comparisons", "Proposal").objects.using(schema_editor.connection.alias)
    proposals.filter(kind="subject").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0016_search_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalSubject',
            fields=[
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('history_step', models.CharField(blank=True, choices=[('rename', 'Renamed'), ('merge', 'Merged'), ('move', 'Moved'), ('split', 'Split'), ('verdict', 'Verdict given'), ('own-publication', 'Published by its own author'), ('change-in-place', 'Changed in place'), ('put-back', 'Put back'), ('import', 'Imported'), ('approved', 'Approved')], default='', max_length=20)),
                ('history_origin', models.CharField(blank=True, default='', max_length=120)),
                ('id', models.PositiveSmallIntegerField(db_index=True, default=1, editable=False)),
                ('name', models.CharField(default='Crosscheck', max_length=40, verbose_name='name of the site')),
                ('title', models.CharField(blank=True, default='', max_length=120, verbose_name='title')),
                ('lead', models.CharField(blank=True, default='', max_length=400, verbose_name='lead')),
                ('noun', models.CharField(default='framework', max_length=40, verbose_name='noun')),
                ('noun_plural', models.CharField(default='frameworks', max_length=40, verbose_name='noun in the plural')),
                ('introduction', models.TextField(blank=True, default='', verbose_name='introduction')),
                ('editors', models.TextField(blank=True, default='', verbose_name='about the editors')),
                ('text_licence', models.CharField(blank=True, default='CC BY 4.0', max_length=60, verbose_name='licence of the texts')),
                ('text_licence_url', comparisons.models.base.WebAddress(blank=True, default='https://creativecommons.org/licenses/by/4.0/', max_length=500, verbose_name='address of the licence of the texts')),
                ('code_licence', models.CharField(blank=True, default='MIT', max_length=60, verbose_name='licence of the code')),
                ('code_licence_url', comparisons.models.base.WebAddress(blank=True, default='', max_length=500, verbose_name='address of the licence of the code')),
                ('contact', models.CharField(blank=True, default='', max_length=200, validators=[comparisons.models.subject.validate_contact], verbose_name='contact')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical subject',
                'verbose_name_plural': 'historical subject',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Subject',
            fields=[
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(default='Crosscheck', max_length=40, verbose_name='name of the site')),
                ('title', models.CharField(blank=True, default='', max_length=120, verbose_name='title')),
                ('lead', models.CharField(blank=True, default='', max_length=400, verbose_name='lead')),
                ('noun', models.CharField(default='framework', max_length=40, verbose_name='noun')),
                ('noun_plural', models.CharField(default='frameworks', max_length=40, verbose_name='noun in the plural')),
                ('introduction', models.TextField(blank=True, default='', verbose_name='introduction')),
                ('editors', models.TextField(blank=True, default='', verbose_name='about the editors')),
                ('text_licence', models.CharField(blank=True, default='CC BY 4.0', max_length=60, verbose_name='licence of the texts')),
                ('text_licence_url', comparisons.models.base.WebAddress(blank=True, default='https://creativecommons.org/licenses/by/4.0/', max_length=500, verbose_name='address of the licence of the texts')),
                ('code_licence', models.CharField(blank=True, default='MIT', max_length=60, verbose_name='licence of the code')),
                ('code_licence_url', comparisons.models.base.WebAddress(blank=True, default='', max_length=500, verbose_name='address of the licence of the code')),
                ('contact', models.CharField(blank=True, default='', max_length=200, validators=[comparisons.models.subject.validate_contact], verbose_name='contact')),
            ],
            options={
                'verbose_name': 'subject',
                'verbose_name_plural': 'subject',
            },
        ),
        migrations.RemoveConstraint(
            model_name='proposal',
            name='proposal_kind_known',
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['claim', 'article', 'framework', 'criterion', 'ruling', 'comparison', 'subject'])), name='proposal_kind_known'),
        ),
        migrations.AddField(
            model_name='historicalsubject',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='subject',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='subject_only_once'),
        ),
        migrations.AddConstraint(
            model_name='subject',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='subject_has_name'),
        ),
        migrations.AddConstraint(
            model_name='subject',
            constraint=models.CheckConstraint(condition=models.Q(('noun', ''), _negated=True), name='subject_has_noun'),
        ),
        migrations.AddConstraint(
            model_name='subject',
            constraint=models.CheckConstraint(condition=models.Q(('noun_plural', ''), _negated=True), name='subject_has_plural'),
        ),
        migrations.AddConstraint(
            model_name='subject',
            constraint=models.CheckConstraint(condition=models.Q(('text_licence_url', ''), ('text_licence_url__startswith', 'http://'), ('text_licence_url__startswith', 'https://'), _connector='OR'), name='subject_text_licence_is_web_address'),
        ),
        migrations.AddConstraint(
            model_name='subject',
            constraint=models.CheckConstraint(condition=models.Q(('code_licence_url', ''), ('code_licence_url__startswith', 'http://'), ('code_licence_url__startswith', 'https://'), _connector='OR'), name='subject_code_licence_is_web_address'),
        ),
        migrations.RunPython(give_permissions, forget_proposals),
    ]
