"""What a name looks like to readers, kept beside it; the form of keys, held by the database; room for longer slugs."""


import comparisons.models.days
import comparisons.models.names
import django.core.validators
from django.conf import settings
from django.core.management.base import CommandError
from django.db import migrations, models

from comparisons.language.cleaning import as_seen

#: The fields that name a record in its address: model, field, constraint.
KEYS = [
    ('article', 'slug', 'article_slug_has_form'),
    ('benchmark', 'slug', 'benchmark_slug_has_form'),
    ('claim', 'key', 'claim_key_has_form'),
    ('comparison', 'slug', 'comparison_slug_has_form'),
    ('criterion', 'slug', 'criterion_slug_has_form'),
    ('criteriongroup', 'slug', 'group_slug_has_form'),
    ('decisionrecord', 'key', 'decision_record_key_has_form'),
    ('formeraddress', 'key', 'former_address_key_has_form'),
    ('formeraddress', 'now', 'former_address_now_has_form'),
    ('framework', 'slug', 'framework_slug_has_form'),
    ('level', 'slug', 'level_slug_has_form'),
]
#: The constraints that only refused an empty key.
FILLED = [
    ('article', 'article_has_slug'),
    ('benchmark', 'benchmark_has_slug'),
    ('claim', 'claim_has_key'),
    ('comparison', 'comparison_has_slug'),
    ('criterion', 'criterion_has_slug'),
    ('criteriongroup', 'group_has_slug'),
    ('decisionrecord', 'decision_record_has_key'),
    ('formeraddress', 'former_address_has_key'),
    ('formeraddress', 'former_address_leads_somewhere'),
    ('framework', 'framework_has_slug'),
    ('level', 'level_has_slug'),
]
#: The histories, which keep from which address a record came.
HISTORIES = ['historicalarticle', 'historicalbenchmark', 'historicalcitation', 'historicalclaim', 'historicalcomparison', 'historicalcriterion', 'historicalframework', 'historicallevel', 'historicalruling', 'historicalsubject']
NAMED = ['framework', 'criteriongroup', 'criterion']
MESSAGE = 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.'


def find_broken_keys(apps, schema_editor):
    """Name what the database would refuse, before it does so without a name."""
    broken = []
    for model, field, _constraint in KEYS:
        rows = apps.get_model('comparisons', model)._base_manager.using(schema_editor.connection.alias)
        found = rows.exclude(**{f'{field}__has_key_form': True}).order_by('pk').values_list(field, flat=True)
        broken += [f'{model} “{key}”' for key in found[:20]]
    if broken:
        raise CommandError(
            f'These keys cannot stand in an address: {", ".join(broken)}. Rename them with the version that was '
            f'installed before, then migrate again. {MESSAGE}'
        )


def fill(apps, schema_editor):
    """What names and publishers look like; it follows every write from now on."""
    using = schema_editor.connection.alias
    twins = []
    for model, text, key in [*((name, 'name', 'name_key') for name in NAMED), ('article', 'publisher', 'publisher_key')]:
        rows = apps.get_model('comparisons', model)._base_manager.using(using)
        alike = {}
        for pk, words in rows.order_by('pk').values_list('pk', text):
            alike.setdefault(as_seen(words)[:200], []).append((pk, words))
        if key == 'name_key':
            twins += [f'{model} “{found[0][1]}” and “{found[1][1]}”' for found in alike.values() if len(found) > 1]
        for looks, found in alike.items() if not twins else ():
            for start in range(0, len(found), 500):
                rows.filter(pk__in=[pk for pk, _words in found[start : start + 500]]).update(**{key: looks})
    if twins:
        raise CommandError(
            f'Readers cannot tell these names apart: {"; ".join(twins[:20])}. Rename them with the version that was '
            'installed before, then migrate again.'
        )


def forget_elsewhere(apps, schema_editor):
    """On the way back: the next check finds out what a link does."""
    checks = apps.get_model('comparisons', 'LinkCheck')._base_manager.using(schema_editor.connection.alias)
    checks.filter(trouble='elsewhere').update(trouble='')


def nothing(apps, schema_editor):
    """What is dropped needs no way back."""


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0036_subject_facts_and_conditions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(find_broken_keys, nothing),
        *(migrations.RemoveConstraint(model_name=model, name=name) for model, name in FILLED),
        migrations.AddField(
            model_name='article',
            name='publisher_key',
            field=comparisons.models.names.AsSeen(blank=True, db_index=True, default='', editable=False, max_length=200, of='publisher'),
        ),
        migrations.AddField(
            model_name='criterion',
            name='name_key',
            field=comparisons.models.names.AsSeen(default='', editable=False, max_length=200, of='name'),
        ),
        migrations.AddField(
            model_name='criteriongroup',
            name='name_key',
            field=comparisons.models.names.AsSeen(default='', editable=False, max_length=200, of='name'),
        ),
        migrations.AddField(
            model_name='framework',
            name='name_key',
            field=comparisons.models.names.AsSeen(default='', editable=False, max_length=200, of='name'),
        ),
        migrations.RunPython(fill, nothing),
        *(
            migrations.AlterField(
                model_name=model,
                name='name_key',
                field=comparisons.models.names.AsSeen(default='', editable=False, max_length=200, of='name', unique=True),
            )
            for model in NAMED
        ),
        *(
            migrations.AlterField(
                model_name=model,
                name='history_origin',
                field=models.CharField(blank=True, default='', max_length=200),
            )
            for model in HISTORIES
        ),
        migrations.AlterField(
            model_name='article',
            name='published_on',
            field=models.DateField(blank=True, help_text='The first day of the period if only that is known.', null=True, validators=[comparisons.models.days.validate_day], verbose_name='published on'),
        ),
        migrations.AlterField(
            model_name='article',
            name='read_on',
            field=models.DateField(blank=True, null=True, validators=[comparisons.models.days.validate_day], verbose_name='read on'),
        ),
        migrations.AlterField(
            model_name='article',
            name='slug',
            field=models.CharField(max_length=200, unique=True, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='benchmark',
            name='measured_on',
            field=models.DateField(blank=True, help_text='The first day of the period if only that is known.', null=True, validators=[comparisons.models.days.validate_day], verbose_name='measured on'),
        ),
        migrations.AlterField(
            model_name='benchmark',
            name='slug',
            field=models.CharField(max_length=200, unique=True, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='cell',
            name='value_key',
            field=models.CharField(default='', help_text='equal for equal headlines', max_length=200),
        ),
        migrations.AlterField(
            model_name='check',
            name='checked_on',
            field=models.DateField(validators=[comparisons.models.days.validate_day], verbose_name='checked on'),
        ),
        migrations.AlterField(
            model_name='claim',
            name='date',
            field=models.CharField(blank=True, db_column='if_date', default='', max_length=120, validators=[comparisons.models.days.validate_stated_day], verbose_name='Date'),
        ),
        migrations.AlterField(
            model_name='claim',
            name='key',
            field=models.CharField(max_length=200, unique=True, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='key'),
        ),
        migrations.AlterField(
            model_name='claim',
            name='verdict_on',
            field=models.DateField(blank=True, null=True, validators=[comparisons.models.days.validate_day], verbose_name='verdict given on'),
        ),
        migrations.AlterField(
            model_name='comparison',
            name='slug',
            field=models.CharField(max_length=200, unique=True, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='comparisonedition',
            name='slug',
            field=models.CharField(max_length=200, verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='criterion',
            name='slug',
            field=models.CharField(max_length=200, unique=True, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='criteriongroup',
            name='slug',
            field=models.CharField(max_length=200, unique=True, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='formeraddress',
            name='key',
            field=models.CharField(max_length=200, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='former slug'),
        ),
        migrations.AlterField(
            model_name='formeraddress',
            name='now',
            field=models.CharField(max_length=200, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='present slug'),
        ),
        migrations.AlterField(
            model_name='framework',
            name='slug',
            field=models.CharField(help_text='Stands in addresses. “-vs-” is kept for comparisons.', max_length=200, unique=True, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='historicalarticle',
            name='published_on',
            field=models.DateField(blank=True, help_text='The first day of the period if only that is known.', null=True, validators=[comparisons.models.days.validate_day], verbose_name='published on'),
        ),
        migrations.AlterField(
            model_name='historicalarticle',
            name='read_on',
            field=models.DateField(blank=True, null=True, validators=[comparisons.models.days.validate_day], verbose_name='read on'),
        ),
        migrations.AlterField(
            model_name='historicalarticle',
            name='slug',
            field=models.CharField(db_index=True, max_length=200, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='historicalbenchmark',
            name='measured_on',
            field=models.DateField(blank=True, help_text='The first day of the period if only that is known.', null=True, validators=[comparisons.models.days.validate_day], verbose_name='measured on'),
        ),
        migrations.AlterField(
            model_name='historicalbenchmark',
            name='slug',
            field=models.CharField(db_index=True, max_length=200, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='historicalclaim',
            name='date',
            field=models.CharField(blank=True, db_column='if_date', default='', max_length=120, validators=[comparisons.models.days.validate_stated_day], verbose_name='Date'),
        ),
        migrations.AlterField(
            model_name='historicalclaim',
            name='key',
            field=models.CharField(db_index=True, max_length=200, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='key'),
        ),
        migrations.AlterField(
            model_name='historicalclaim',
            name='verdict_on',
            field=models.DateField(blank=True, null=True, validators=[comparisons.models.days.validate_day], verbose_name='verdict given on'),
        ),
        migrations.AlterField(
            model_name='historicalcomparison',
            name='slug',
            field=models.CharField(db_index=True, max_length=200, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='historicalcriterion',
            name='slug',
            field=models.CharField(db_index=True, max_length=200, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='historicalframework',
            name='slug',
            field=models.CharField(db_index=True, help_text='Stands in addresses. “-vs-” is kept for comparisons.', max_length=200, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='historicallevel',
            name='slug',
            field=models.CharField(max_length=200, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='historicalruling',
            name='ruled_on',
            field=models.DateField(validators=[comparisons.models.days.validate_day], verbose_name='ruled on'),
        ),
        migrations.AlterField(
            model_name='level',
            name='slug',
            field=models.CharField(max_length=200, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='release',
            name='released_on',
            field=models.DateField(help_text='The first day of the period if only that is known.', validators=[comparisons.models.days.validate_day], verbose_name='released on'),
        ),
        migrations.AlterField(
            model_name='ruling',
            name='ruled_on',
            field=models.DateField(validators=[comparisons.models.days.validate_day], verbose_name='ruled on'),
        ),
        migrations.AlterField(
            model_name='run',
            name='ran_on',
            field=models.DateField(validators=[comparisons.models.days.validate_day], verbose_name='ran on'),
        ),
        migrations.AlterField(
            model_name='searchname',
            name='slug',
            field=models.CharField(max_length=200),
        ),
        *(
            migrations.AddConstraint(
                model_name=model,
                constraint=models.CheckConstraint(
                    condition=models.Q((f'{field}__has_key_form', True)), name=name, violation_error_message=MESSAGE
                ),
            )
            for model, field, name in KEYS
        ),
        migrations.RemoveConstraint(model_name='linkcheck', name='linkcheck_trouble_known'),
        migrations.RunPython(nothing, forget_elsewhere),
        migrations.AlterField(
            model_name='linkcheck',
            name='trouble',
            field=models.CharField(blank=True, choices=[('no-host', 'No such host'), ('name-server', 'Host not found'), ('refused', 'Connection refused'), ('unreachable', 'Not reached'), ('timeout', 'Too slow'), ('certificate', 'Bad certificate'), ('encryption', 'No encryption'), ('broken', 'Broken answer'), ('too-large', 'Too large'), ('redirects', 'Too many redirects'), ('not-allowed', 'Not asked'), ('robots', 'Robots not allowed'), ('elsewhere', 'Moved, look')], default='', max_length=11, verbose_name='trouble'),
        ),
        migrations.AddConstraint(
            model_name='linkcheck',
            constraint=models.CheckConstraint(condition=models.Q(('trouble__in', ['no-host', 'name-server', 'refused', 'unreachable', 'timeout', 'certificate', 'encryption', 'broken', 'too-large', 'redirects', 'not-allowed', 'robots', 'elsewhere', ''])), name='linkcheck_trouble_known'),
        ),
    ]
