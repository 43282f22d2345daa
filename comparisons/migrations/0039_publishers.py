"""Publishers become records: articles name theirs by its name, and an unknown one is null.

There is one record for what a reader sees as one name: of several spellings the most frequent stands, in all articles,
and the others are found by what they look like. Articles that were two witnesses for no other reason than a spelling
are one afterwards, so cells may change: `rebuild_cells` works them out, and `check_kb` says whether any do. Histories
keep the names as they were.
"""

from collections import Counter, defaultdict

import comparisons.models.base
import comparisons.models.names
import django.db.models.deletion
from django.db import migrations, models

from comparisons.language.cleaning import as_seen

#: What an editor and a reviewer may do with these; viewers may see them.
WRITERS = ("editor", "reviewer")
NEW = (("publisher", "publisher"), ("publisheralias", "other name of a publisher"))


def rows(apps, schema_editor, model):
    return apps.get_model('comparisons', model)._base_manager.using(schema_editor.connection.alias)


def make_publishers(apps, schema_editor):
    """One record for each name as a reader sees it."""
    articles = rows(apps, schema_editor, 'article')
    spellings = defaultdict(Counter)
    for name in articles.order_by('pk').values_list('publisher', flat=True):
        spellings[as_seen(name or '')[:200]][name] += 1
    for name in spellings.pop('', ()):
        articles.filter(publisher=name).update(publisher=None)
    for key, names in spellings.items():
        stands = names.most_common(1)[0][0]
        rows(apps, schema_editor, 'publisher').create(name=stands, name_key=key)
        for name in names:
            if name != stands:
                articles.filter(publisher=name).update(publisher=stands)
    rows(apps, schema_editor, 'historicalarticle').filter(publisher='').update(publisher=None)
    settle(schema_editor)


def keep_names(apps, schema_editor):
    """On the way back: an unknown publisher is an empty text."""
    for model in ('article', 'historicalarticle'):
        rows(apps, schema_editor, model).filter(publisher=None).update(publisher='')
    articles = rows(apps, schema_editor, 'article')
    for name in articles.order_by('publisher').values_list('publisher', flat=True).distinct():
        articles.filter(publisher=name).update(publisher_key=as_seen(name)[:200])
    settle(schema_editor)


def settle(schema_editor):
    """Check references now: PostgreSQL alters no table that has checks to come."""
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute('SET CONSTRAINTS ALL IMMEDIATE')
        schema_editor.execute('SET CONSTRAINTS ALL DEFERRED')


def permission(apps, database, word, model, name):
    """A permission, made if it is not there: Django makes those of all models after the last migration."""
    kind, _new = apps.get_model('contenttypes', 'ContentType').objects.using(database).get_or_create(
        app_label='comparisons', model=model
    )
    permissions = apps.get_model('auth', 'Permission').objects.using(database)
    defaults = {'name': f'Can {word} {name}'}
    return permissions.get_or_create(content_type=kind, codename=f'{word}_{model}', defaults=defaults)[0]


def give_permissions(apps, schema_editor):
    database = schema_editor.connection.alias
    seen = [permission(apps, database, 'view', model, name) for model, name in NEW]
    written = [permission(apps, database, word, *new) for new in NEW for word in ('add', 'change', 'delete')]
    for group in apps.get_model('auth', 'Group').objects.using(database).filter(name__in=('viewer', *WRITERS)):
        group.permissions.add(*seen, *(written if group.name in WRITERS else []))


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0038_team'),
    ]

    operations = [
        migrations.CreateModel(
            name='Publisher',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('name_key', comparisons.models.names.AsSeen(default='', editable=False, max_length=200, of='name', unique=True)),
                ('url', comparisons.models.base.WebAddress(blank=True, default='', max_length=500, verbose_name='address')),
                ('note', models.TextField(blank=True, default='', verbose_name='note')),
            ],
            options={
                'verbose_name': 'publisher',
                'verbose_name_plural': 'publishers',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='publisher_has_name'), models.CheckConstraint(condition=models.Q(('url', ''), ('url__startswith', 'http://'), ('url__startswith', 'https://'), _connector='OR'), name='publisher_url_is_web')],
            },
        ),
        migrations.CreateModel(
            name='PublisherAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='other name')),
                ('name_key', comparisons.models.names.AsSeen(default='', editable=False, max_length=200, of='name', unique=True)),
                ('publisher', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='comparisons.publisher', verbose_name='publisher')),
            ],
            options={
                'verbose_name': 'other name of a publisher',
                'verbose_name_plural': 'other names of publishers',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='publisher_alias_has_name')],
            },
        ),
        *(
            migrations.AlterField(
                model_name=model,
                name='publisher',
                field=models.CharField(blank=True, default='', max_length=120, null=True, verbose_name='publisher'),
            )
            for model in ('article', 'historicalarticle')
        ),
        migrations.RunPython(make_publishers, keep_names),
        migrations.AlterField(
            model_name='article',
            name='publisher',
            field=models.ForeignKey(blank=True, db_column='publisher', help_text='All articles of one publisher count as one independent witness.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='comparisons.publisher', to_field='name', verbose_name='publisher'),
        ),
        migrations.AlterField(
            model_name='historicalarticle',
            name='publisher',
            field=models.ForeignKey(blank=True, db_column='publisher', db_constraint=False, help_text='All articles of one publisher count as one independent witness.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='comparisons.publisher', to_field='name', verbose_name='publisher'),
        ),
        migrations.RemoveField(
            model_name='article',
            name='publisher_key',
        ),
        migrations.RunPython(give_permissions, migrations.RunPython.noop),
    ]
