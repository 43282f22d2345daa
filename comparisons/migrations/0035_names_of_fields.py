"""Names of fields that were left to Django, in words that pass through gettext; changes nothing in the database."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0034_machine_found_releases'),
    ]

    operations = [
        migrations.AlterField(
            model_name='cell',
            name='framework',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='comparisons.framework', verbose_name='framework'),
        ),
        migrations.AlterField(
            model_name='comparison',
            name='criteria',
            field=models.ManyToManyField(related_name='comparisons', through='comparisons.ComparisonCriterion', to='comparisons.criterion', verbose_name='criteria'),
        ),
        migrations.AlterField(
            model_name='comparison',
            name='frameworks',
            field=models.ManyToManyField(related_name='comparisons', through='comparisons.ComparisonFramework', to='comparisons.framework', verbose_name='frameworks'),
        ),
    ]
