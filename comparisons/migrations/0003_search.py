"""Tables of the search, and the full-text index on them in the way of each database.

Django does not know of the index. Should a later migration make SQLite copy the table, it has to run
`install` again, since SQLite drops triggers with the table they hang on.
"""

from django.db import migrations, models

TABLE = "comparisons_searchentry"
INDEX = "comparisons_searchindex"

SQLITE = [
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5(words, content='{TABLE}', content_rowid='id', columnsize=0, tokenize='ascii')",
    f"CREATE TRIGGER {INDEX}_insert AFTER INSERT ON {TABLE} BEGIN"
    f" INSERT INTO {INDEX}(rowid, words) VALUES (new.id, new.words); END",
    f"CREATE TRIGGER {INDEX}_delete AFTER DELETE ON {TABLE} BEGIN"
    f" INSERT INTO {INDEX}({INDEX}, rowid, words) VALUES ('delete', old.id, old.words); END",
    f"CREATE TRIGGER {INDEX}_update AFTER UPDATE ON {TABLE} BEGIN"
    f" INSERT INTO {INDEX}({INDEX}, rowid, words) VALUES ('delete', old.id, old.words);"
    f" INSERT INTO {INDEX}(rowid, words) VALUES (new.id, new.words); END",
]
SQLITE_BACK = [
    *(f"DROP TRIGGER {INDEX}_{event}" for event in ("insert", "delete", "update")),
    f"DROP TABLE {INDEX}",
]
# The words of a block of keys and of a kind make it cheap to look at a part of the entries: see searching.py.
# Without fastupdate a search never has to walk a list of entries that are not sorted in yet.
POSTGRESQL = [
    f"ALTER TABLE {TABLE} ADD COLUMN tsv tsvector GENERATED ALWAYS AS (to_tsvector('pg_catalog.simple',"
    " words || ' b' || (id >> 9)::text || ' k' || (id >> 40)::text)) STORED",
    f"CREATE INDEX {INDEX} ON {TABLE} USING gin (tsv) WITH (fastupdate = off)",
]
POSTGRESQL_BACK = [f"DROP INDEX {INDEX}", f"ALTER TABLE {TABLE} DROP COLUMN tsv"]


def install(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)



class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0002_claim_summary'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('title', models.TextField(help_text='its words, folded')),
                ('words', models.TextField(help_text='codes of the stems of title and texts')),
                ('vocabulary', models.TextField(help_text='every word once')),
            ],
            options={
                'verbose_name': 'search entry',
                'verbose_name_plural': 'search entries',
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('word', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('stem', models.CharField(db_index=True, max_length=40)),
                ('head', models.CharField(db_index=True, max_length=3)),
                ('initial', models.CharField(max_length=1)),
                ('length', models.SmallIntegerField()),
                ('count', models.IntegerField(help_text='entries that hold it')),
            ],
            options={
                'verbose_name': 'search word',
                'verbose_name_plural': 'search words',
                'indexes': [models.Index(fields=['initial', 'length'], name='searchword_near')],
            },
        ),
        migrations.RunPython(install, remove),
    ]
