"""Let changes of approved records wait as proposals, and new frameworks and criteria as drafts."""

import comparisons.domain.vocabulary
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

HISTORIES = ("article", "benchmark", "citation", "claim", "comparison", "criterion", "framework", "level", "ruling")
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
    ("approved", "Approved"),
]


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0013_ruling_sides'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.AlterField(
                model_name=f"historical{name}",
                name="history_step",
                field=models.CharField(blank=True, choices=STEPS, default="", max_length=20),
            )
            for name in HISTORIES
        ),
        migrations.AddField(
            model_name='claim',
            name='contributors',
            field=models.ManyToManyField(blank=True, editable=False, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='contributors'),
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10, verbose_name='kind of record')),
                ('record', models.PositiveBigIntegerField(verbose_name='record')),
                ('title', models.CharField(max_length=200, verbose_name='change of')),
                ('base_version', models.PositiveIntegerField(verbose_name='starts from version')),
                ('base', models.JSONField(default=dict)),
                ('state', models.JSONField(default=dict)),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('status', models.CharField(choices=[('open', 'Open'), ('returned', 'Returned'), ('approved', 'Approved'), ('taken-back', 'Taken back')], default='open', max_length=10, verbose_name='status')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='under review since')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='changed at')),
                ('note', models.TextField(blank=True, default='', verbose_name='note of the review')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('authors', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='last written by')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
            ],
            options={
                'verbose_name': 'proposal',
                'verbose_name_plural': 'proposals',
                'ordering': ['-created_at', '-pk'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['kind', 'record', 'status'], name='proposal_of_record'), models.Index(fields=['status', 'created_at'], name='proposal_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['claim', 'article', 'framework', 'criterion', 'ruling', 'comparison'])), name='proposal_kind_known'), models.CheckConstraint(condition=models.Q(('status__in', ['open', 'returned', 'approved', 'taken-back'])), name='proposal_status_known'), models.UniqueConstraint(condition=models.Q(('status__in', (comparisons.domain.vocabulary.ProposalStatus['OPEN'], comparisons.domain.vocabulary.ProposalStatus['RETURNED']))), fields=('kind', 'record'), name='proposal_waits_once_per_record'), models.CheckConstraint(condition=models.Q(('status', comparisons.domain.vocabulary.ProposalStatus['OPEN']), ('decided_at__isnull', False), _connector='OR'), name='proposal_decided_has_date')],
            },
        ),
        migrations.AddField(
            model_name='criterion',
            name='is_draft',
            field=models.BooleanField(default=False, editable=False, verbose_name='draft'),
        ),
        migrations.AddField(
            model_name='framework',
            name='is_draft',
            field=models.BooleanField(default=False, editable=False, verbose_name='draft'),
        ),
        migrations.AddField(
            model_name='historicalcriterion',
            name='is_draft',
            field=models.BooleanField(default=False, editable=False, verbose_name='draft'),
        ),
        migrations.AddField(
            model_name='historicalframework',
            name='is_draft',
            field=models.BooleanField(default=False, editable=False, verbose_name='draft'),
        ),
    ]
