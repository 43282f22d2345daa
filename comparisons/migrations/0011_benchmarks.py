"""Benchmarks, which figures belong to; cells that show the figure of one; a key of each article's address.

Cells are derived: run `manage.py rebuild_cells` after this migration.
"""

import comparisons.domain.vocabulary
import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

from comparisons.models.base import address_key


#: What an editor and a reviewer may do with benchmarks; viewers may see them.
WRITERS = ("editor", "reviewer")


def forget_medians(apps, schema_editor):
    """The agreement “figures” is no more; the next rebuild assesses these cells anew."""
    cells = apps.get_model("comparisons", "Cell").objects.using(schema_editor.connection.alias)
    cells.filter(agreement="figures").update(agreement="unanimous")


def key_addresses(apps, schema_editor):
    """Fill the key by which articles with one address are found; it follows every save from now on."""
    articles = apps.get_model("comparisons", "Article").objects.using(schema_editor.connection.alias)
    keyed = list(articles.exclude(url="").only("pk", "url"))
    for article in keyed:
        article.url_key = address_key(article.url)
    articles.bulk_update(keyed, ["url_key"], batch_size=500)


def give_permissions(apps, schema_editor):
    database = schema_editor.connection.alias
    # Permissions are made after all migrations; these are needed now.
    config = apps.get_app_config("comparisons")
    before = getattr(config, "models_module", None)
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=database)
    config.models_module = before
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    known = permissions.filter(content_type__app_label="comparisons", content_type__model="benchmark")
    for group in apps.get_model("auth", "Group").objects.using(database).filter(name__in=("viewer", *WRITERS)):
        group.permissions.add(*known if group.name in WRITERS else known.filter(codename="view_benchmark"))


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0010_history_step'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(forget_medians, migrations.RunPython.noop),
        migrations.CreateModel(
            name='Benchmark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('slug', models.CharField(max_length=80, unique=True, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='slug')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('unit', models.CharField(help_text='The unit of all figures, such as requests/s.', max_length=30, verbose_name='unit')),
                ('statistic', models.CharField(blank=True, choices=[('count', 'Count'), ('mean', 'Mean'), ('median', 'Median'), ('maximum', 'Maximum'), ('p95', '95th percentile'), ('p99', '99th percentile')], default='', help_text='Which statistic the figures are. Leave it empty if the source does not state it.', max_length=7, verbose_name='statistic')),
                ('work', models.CharField(blank=True, default='', help_text='What was done: the request and its answer, or what was counted.', max_length=300, verbose_name='work')),
                ('load', models.CharField(blank=True, default='', help_text='How much at once: connections, rate, duration.', max_length=300, verbose_name='load')),
                ('hardware', models.CharField(blank=True, default='', help_text='Machine, processors, memory, operating system.', max_length=300, verbose_name='hardware')),
                ('server', models.CharField(blank=True, default='', help_text='What served the frameworks.', max_length=300, verbose_name='server')),
                ('workers', models.CharField(blank=True, default='', help_text='How many processes and threads.', max_length=300, verbose_name='workers')),
                ('versions', models.CharField(blank=True, default='', help_text='Of the frameworks, the language and the tools.', max_length=300, verbose_name='versions')),
                ('measured_on', models.DateField(blank=True, help_text='The first day of the period if only that is known.', null=True, verbose_name='measured on')),
                ('precision', models.CharField(blank=True, choices=[('year', 'Year'), ('month', 'Month'), ('day', 'Day')], default='', max_length=5, verbose_name='precision')),
                ('states_method', models.BooleanField(default=False, help_text='Tick it if the source says enough to judge the test. Other figures are never a headline.', verbose_name='states its method')),
                ('repeatable', models.BooleanField(default=False, help_text='Tick it if the source gives all that is needed to run it again.', verbose_name='repeatable')),
                ('like_for_like', models.CharField(choices=[('full', 'Like for like'), ('part', 'In part like for like'), ('none', 'Not like for like')], help_text='Whether all frameworks did the same work under the same conditions; the note says what differs.', max_length=4, verbose_name='like for like')),
                ('note', models.TextField(blank=True, default='', help_text='Known weaknesses, in Markdown.', verbose_name='note')),
            ],
            options={
                'verbose_name': 'benchmark',
                'verbose_name_plural': 'benchmarks',
                'ordering': ['criterion', '-measured_on', 'slug'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalBenchmark',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('history_step', models.CharField(blank=True, choices=[('rename', 'Renamed'), ('merge', 'Merged'), ('move', 'Moved'), ('split', 'Split'), ('verdict', 'Verdict given'), ('own-publication', 'Published by its own author'), ('change-in-place', 'Changed in place'), ('put-back', 'Put back'), ('import', 'Imported')], default='', max_length=20)),
                ('history_origin', models.CharField(blank=True, default='', max_length=120)),
                ('slug', models.CharField(db_index=True, max_length=80, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9.-]*\\Z', 'Use lower-case letters, digits, dots and hyphens, beginning with a letter or digit.')], verbose_name='slug')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('unit', models.CharField(help_text='The unit of all figures, such as requests/s.', max_length=30, verbose_name='unit')),
                ('statistic', models.CharField(blank=True, choices=[('count', 'Count'), ('mean', 'Mean'), ('median', 'Median'), ('maximum', 'Maximum'), ('p95', '95th percentile'), ('p99', '99th percentile')], default='', help_text='Which statistic the figures are. Leave it empty if the source does not state it.', max_length=7, verbose_name='statistic')),
                ('work', models.CharField(blank=True, default='', help_text='What was done: the request and its answer, or what was counted.', max_length=300, verbose_name='work')),
                ('load', models.CharField(blank=True, default='', help_text='How much at once: connections, rate, duration.', max_length=300, verbose_name='load')),
                ('hardware', models.CharField(blank=True, default='', help_text='Machine, processors, memory, operating system.', max_length=300, verbose_name='hardware')),
                ('server', models.CharField(blank=True, default='', help_text='What served the frameworks.', max_length=300, verbose_name='server')),
                ('workers', models.CharField(blank=True, default='', help_text='How many processes and threads.', max_length=300, verbose_name='workers')),
                ('versions', models.CharField(blank=True, default='', help_text='Of the frameworks, the language and the tools.', max_length=300, verbose_name='versions')),
                ('measured_on', models.DateField(blank=True, help_text='The first day of the period if only that is known.', null=True, verbose_name='measured on')),
                ('precision', models.CharField(blank=True, choices=[('year', 'Year'), ('month', 'Month'), ('day', 'Day')], default='', max_length=5, verbose_name='precision')),
                ('states_method', models.BooleanField(default=False, help_text='Tick it if the source says enough to judge the test. Other figures are never a headline.', verbose_name='states its method')),
                ('repeatable', models.BooleanField(default=False, help_text='Tick it if the source gives all that is needed to run it again.', verbose_name='repeatable')),
                ('like_for_like', models.CharField(choices=[('full', 'Like for like'), ('part', 'In part like for like'), ('none', 'Not like for like')], help_text='Whether all frameworks did the same work under the same conditions; the note says what differs.', max_length=4, verbose_name='like for like')),
                ('note', models.TextField(blank=True, default='', help_text='Known weaknesses, in Markdown.', verbose_name='note')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical benchmark',
                'verbose_name_plural': 'historical benchmarks',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RemoveConstraint(
            model_name='cell',
            name='cell_agreement_known',
        ),
        migrations.RemoveField(
            model_name='cell',
            name='middle',
        ),
        migrations.AddField(
            model_name='article',
            name='url_key',
            field=models.CharField(blank=True, db_index=True, default='', editable=False, max_length=500),
        ),
        migrations.AddField(
            model_name='cell',
            name='aside',
            field=models.PositiveIntegerField(default=0, help_text='witnesses that neither give nor dispute a reading'),
        ),
        migrations.AddField(
            model_name='cell',
            name='figure_on',
            field=models.DateField(help_text='the day the figure of the headline was taken', null=True),
        ),
        migrations.AddField(
            model_name='cell',
            name='figure_version',
            field=models.CharField(default='', help_text='the version that figure speaks of', max_length=40),
        ),
        migrations.AddField(
            model_name='cell',
            name='others',
            field=models.PositiveIntegerField(default=0, help_text='further figures, which are not in the headline'),
        ),
        migrations.AddField(
            model_name='cell',
            name='repeated',
            field=models.PositiveIntegerField(default=0, help_text='how often counts and against name a witness again'),
        ),
        migrations.AddField(
            model_name='cell',
            name='unchecked',
            field=models.PositiveIntegerField(default=0, help_text='those of the others that nobody can check'),
        ),
        migrations.AddField(
            model_name='cell',
            name='variant',
            field=models.CharField(default='', help_text='of the framework in that benchmark', max_length=60),
        ),
        migrations.AddField(
            model_name='claim',
            name='interval_high',
            field=models.DecimalField(blank=True, decimal_places=4, help_text='The upper end of that interval.', max_digits=16, null=True, verbose_name='interval to'),
        ),
        migrations.AddField(
            model_name='claim',
            name='interval_low',
            field=models.DecimalField(blank=True, decimal_places=4, help_text='The lower end of the interval that the source states for this figure.', max_digits=16, null=True, verbose_name='interval from'),
        ),
        migrations.AddField(
            model_name='claim',
            name='left_out',
            field=models.CharField(blank=True, default='', help_text='Why this figure is shown and not compared. Leave it empty if it may be compared.', max_length=200, verbose_name='left out because'),
        ),
        migrations.AddField(
            model_name='claim',
            name='variant',
            field=models.CharField(blank=True, default='', help_text='How this framework was set up, if the benchmark tested it in several ways.', max_length=60, verbose_name='variant'),
        ),
        migrations.AddField(
            model_name='criterion',
            name='changes_with_releases',
            field=models.BooleanField(default=True, help_text='Untick it if no release can change the answer, such as a licence or a first release.', verbose_name='changes with releases'),
        ),
        migrations.AddField(
            model_name='criterion',
            name='is_count',
            field=models.BooleanField(default=False, help_text='Tick it if the number is counted as of a version or a day, so that a newer count replaces it.', verbose_name='is a count'),
        ),
        migrations.AddField(
            model_name='historicalclaim',
            name='interval_high',
            field=models.DecimalField(blank=True, decimal_places=4, help_text='The upper end of that interval.', max_digits=16, null=True, verbose_name='interval to'),
        ),
        migrations.AddField(
            model_name='historicalclaim',
            name='interval_low',
            field=models.DecimalField(blank=True, decimal_places=4, help_text='The lower end of the interval that the source states for this figure.', max_digits=16, null=True, verbose_name='interval from'),
        ),
        migrations.AddField(
            model_name='historicalclaim',
            name='left_out',
            field=models.CharField(blank=True, default='', help_text='Why this figure is shown and not compared. Leave it empty if it may be compared.', max_length=200, verbose_name='left out because'),
        ),
        migrations.AddField(
            model_name='historicalclaim',
            name='variant',
            field=models.CharField(blank=True, default='', help_text='How this framework was set up, if the benchmark tested it in several ways.', max_length=60, verbose_name='variant'),
        ),
        migrations.AddField(
            model_name='historicalcriterion',
            name='changes_with_releases',
            field=models.BooleanField(default=True, help_text='Untick it if no release can change the answer, such as a licence or a first release.', verbose_name='changes with releases'),
        ),
        migrations.AddField(
            model_name='historicalcriterion',
            name='is_count',
            field=models.BooleanField(default=False, help_text='Tick it if the number is counted as of a version or a day, so that a newer count replaces it.', verbose_name='is a count'),
        ),
        migrations.AlterField(
            model_name='cell',
            name='agreement',
            field=models.CharField(choices=[('no-evidence', 'No evidence'), ('no-value', 'No value'), ('single-source', 'Single source'), ('unanimous', 'Unanimous'), ('disputed', 'Disputed')], max_length=13),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(('is_count', False), ('value_type', comparisons.domain.vocabulary.ValueType['NUMBER']), _connector='OR'), name='criterion_count_is_a_number', violation_error_message='Only a criterion that is answered by a number can be a count.'),
        ),
        migrations.AddField(
            model_name='benchmark',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='benchmarks', to='comparisons.article', verbose_name='article'),
        ),
        migrations.AddField(
            model_name='benchmark',
            name='criterion',
            field=models.ForeignKey(help_text='The quantity that was measured. All figures of the benchmark answer it.', on_delete=django.db.models.deletion.PROTECT, related_name='benchmarks', to='comparisons.criterion', verbose_name='criterion'),
        ),
        migrations.AddField(
            model_name='benchmark',
            name='replaced_by',
            field=models.ForeignKey(blank=True, help_text='A better benchmark of the same quantity by the same source.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replaces', to='comparisons.benchmark', verbose_name='replaced by'),
        ),
        migrations.AddField(
            model_name='cell',
            name='benchmark',
            field=models.ForeignKey(help_text='that gave the figure of the headline', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='comparisons.benchmark'),
        ),
        migrations.AddField(
            model_name='claim',
            name='benchmark',
            field=models.ForeignKey(blank=True, help_text='The test that gave this figure. Leave it empty for a figure that stands alone.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='comparisons.benchmark', verbose_name='benchmark'),
        ),
        migrations.AddField(
            model_name='historicalclaim',
            name='benchmark',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='The test that gave this figure. Leave it empty for a figure that stands alone.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='comparisons.benchmark', verbose_name='benchmark'),
        ),
        migrations.AddConstraint(
            model_name='cell',
            constraint=models.CheckConstraint(condition=models.Q(('agreement__in', ['no-evidence', 'no-value', 'single-source', 'unanimous', 'disputed'])), name='cell_agreement_known'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('benchmark__isnull', True), ('framework__isnull', False), _connector='OR'), name='claim_benchmark_needs_framework', violation_error_message='Only a claim about a framework has a benchmark.'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('variant', ''), ('benchmark__isnull', False), _connector='OR'), name='claim_variant_is_of_a_benchmark', violation_error_message='Only a figure of a benchmark has a variant.'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('left_out', ''), ('kind', comparisons.domain.vocabulary.ClaimKind['FIGURE']), ('benchmark__isnull', False), _connector='OR'), name='claim_left_out_is_of_a_figure', violation_error_message='Only a figure can be left out of comparison.'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('interval_high__isnull', True), ('interval_low__isnull', True)), models.Q(('interval_high__isnull', False), ('interval_low__isnull', False), ('interval_low__lte', models.F('interval_high')), ('number__isnull', False)), _connector='OR'), name='claim_interval_rises', violation_error_message='Give both ends of the interval of a number, the lower one first, or none.'),
        ),
        migrations.AddField(
            model_name='historicalbenchmark',
            name='article',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='comparisons.article', verbose_name='article'),
        ),
        migrations.AddField(
            model_name='historicalbenchmark',
            name='criterion',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='The quantity that was measured. All figures of the benchmark answer it.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='comparisons.criterion', verbose_name='criterion'),
        ),
        migrations.AddField(
            model_name='historicalbenchmark',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalbenchmark',
            name='replaced_by',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='A better benchmark of the same quantity by the same source.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='comparisons.benchmark', verbose_name='replaced by'),
        ),
        migrations.AddConstraint(
            model_name='benchmark',
            constraint=models.CheckConstraint(condition=models.Q(('slug', ''), _negated=True), name='benchmark_has_slug'),
        ),
        migrations.AddConstraint(
            model_name='benchmark',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='benchmark_has_title'),
        ),
        migrations.AddConstraint(
            model_name='benchmark',
            constraint=models.CheckConstraint(condition=models.Q(('unit', ''), _negated=True), name='benchmark_has_unit'),
        ),
        migrations.AddConstraint(
            model_name='benchmark',
            constraint=models.CheckConstraint(condition=models.Q(('statistic__in', ['count', 'mean', 'median', 'maximum', 'p95', 'p99', ''])), name='benchmark_statistic_known'),
        ),
        migrations.AddConstraint(
            model_name='benchmark',
            constraint=models.CheckConstraint(condition=models.Q(('precision__in', ['year', 'month', 'day', ''])), name='benchmark_precision_known'),
        ),
        migrations.AddConstraint(
            model_name='benchmark',
            constraint=models.CheckConstraint(condition=models.Q(('like_for_like__in', ['full', 'part', 'none'])), name='benchmark_likeness_known'),
        ),
        migrations.AddConstraint(
            model_name='benchmark',
            constraint=models.CheckConstraint(condition=models.Q(('measured_on__isnull', True), models.Q(('precision', ''), _negated=True), _connector='XOR'), name='benchmark_date_has_precision', violation_error_message='Give a precision together with the day of measurement, or neither.'),
        ),
        migrations.AddConstraint(
            model_name='benchmark',
            constraint=models.CheckConstraint(condition=models.Q(('replaced_by__isnull', True), models.Q(('replaced_by', models.F('id')), _negated=True), _connector='OR'), name='benchmark_does_not_replace_itself', violation_error_message='A benchmark cannot replace itself.'),
        ),
        migrations.RunPython(key_addresses, migrations.RunPython.noop),
        migrations.RunPython(give_permissions, migrations.RunPython.noop),
    ]
