"""The sets of claims by which pros and cons are chosen, stored for new processes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0029_decision_records'),
    ]

    operations = [
        migrations.CreateModel(
            name='StoredSets',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(help_text='of the edition')),
                ('stamp', models.CharField(help_text='of the edition', max_length=16)),
                ('keys', models.JSONField()),
                ('bitmaps', models.BinaryField()),
                ('claims', models.BinaryField()),
            ],
            options={
                'verbose_name': 'stored sets',
                'verbose_name_plural': 'stored sets',
                'default_permissions': (),
            },
        ),
    ]
