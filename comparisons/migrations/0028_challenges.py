"""Objections of readers, which everybody who works here may see."""

import comparisons.domain.vocabulary
import comparisons.models.base
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


GROUPS = ("viewer", "editor", "reviewer")


def give_permissions(apps, schema_editor):
    """Let everybody who works here see objections. Who may publish answers them.

    Only the permissions of this model are made here: Django makes those of all models after the last migration, and
    renames those of models that were renamed, for which there may be none of the new name yet.
    """
    database = schema_editor.connection.alias
    kind, _new = apps.get_model("contenttypes", "ContentType").objects.using(database).get_or_create(
        app_label="comparisons", model="challenge"
    )
    view, _new = apps.get_model("auth", "Permission").objects.using(database).get_or_create(
        content_type=kind, codename="view_challenge", defaults={"name": "Can view challenge"}
    )
    for group in apps.get_model("auth", "Group").objects.using(database).filter(name__in=GROUPS):
        group.permissions.add(view)


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0027_changes_of_rechecks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Challenge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('wrong', 'It is wrong'), ('outdated', 'It was right once, no longer'), ('misread', 'A source is misread'), ('source', 'A source is missing')], max_length=10, verbose_name='kind')),
                ('text', models.TextField(max_length=2000, verbose_name='text')),
                ('source', comparisons.models.base.WebAddress(blank=True, default='', max_length=500, verbose_name='source')),
                ('mail', models.EmailField(blank=True, default='', max_length=254, verbose_name='mail address')),
                ('receipt', models.CharField(max_length=32, unique=True, verbose_name='receipt')),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='sent at')),
                ('status', models.CharField(choices=[('open', 'Open'), ('kept', 'Kept'), ('changed', 'Changed'), ('set-aside', 'Set aside')], default='open', max_length=10, verbose_name='status')),
                ('answer', models.TextField(blank=True, default='', max_length=2000, verbose_name='answer')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                ('is_quoted', models.BooleanField(default=True, verbose_name='show the words of the reader')),
                ('revision', models.PositiveIntegerField(blank=True, null=True, verbose_name='revision')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                ('article', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='challenges', to='comparisons.article', verbose_name='article')),
                ('claim', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='challenges', to='comparisons.claim', verbose_name='claim')),
                ('criterion', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='challenges', to='comparisons.criterion', verbose_name='criterion')),
                ('framework', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='challenges', to='comparisons.framework', verbose_name='framework')),
            ],
            options={
                'verbose_name': 'challenge',
                'verbose_name_plural': 'challenges',
                'ordering': ['-sent_at', '-pk'],
                'indexes': [models.Index(fields=['status', 'sent_at'], name='challenge_by_status'), models.Index(fields=['sent_at'], name='challenge_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('article__isnull', True), ('claim__isnull', False), ('criterion__isnull', True), ('framework__isnull', True)), models.Q(('article__isnull', False), ('claim__isnull', True), ('criterion__isnull', True), ('framework__isnull', True)), models.Q(('article__isnull', True), ('claim__isnull', True), ('criterion__isnull', False), ('framework__isnull', False)), _connector='OR'), name='challenge_is_about_one_thing'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('status', comparisons.domain.vocabulary.ChallengeStatus['OPEN'])), models.Q(('answered_at__isnull', False), ('status__in', (comparisons.domain.vocabulary.ChallengeStatus['KEPT'], comparisons.domain.vocabulary.ChallengeStatus['CHANGED'])), models.Q(('answer', ''), _negated=True)), models.Q(('answered_at__isnull', False), ('status', comparisons.domain.vocabulary.ChallengeStatus['SET_ASIDE'])), _connector='OR'), name='challenge_is_answered_or_open'), models.CheckConstraint(condition=models.Q(('status', comparisons.domain.vocabulary.ChallengeStatus['OPEN']), ('mail', ''), _connector='OR'), name='challenge_keeps_no_mail_once_answered'), models.CheckConstraint(condition=models.Q(('kind__in', ['wrong', 'outdated', 'misread', 'source'])), name='challenge_kind_known'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='challenge_has_text'), models.CheckConstraint(condition=models.Q(('source', ''), ('source__startswith', 'http://'), ('source__startswith', 'https://'), _connector='OR'), name='challenge_source_is_web')],
            },
        ),
        migrations.RunPython(give_permissions, migrations.RunPython.noop),
    ]
