from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0020_comparison_editions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='cell',
            name='agreement',
            field=models.CharField(choices=[('no-evidence', 'No evidence'), ('no-value', 'No answer'), ('single-source', 'Single source'), ('unanimous', 'Unanimous'), ('disputed', 'Disputed')], max_length=13),
        ),
        migrations.AlterField(
            model_name='citation',
            name='stance',
            field=models.CharField(choices=[('supports', 'supports'), ('qualifies', 'partly agrees'), ('disputes', 'disputes')], default='supports', max_length=9, verbose_name='stance'),
        ),
        migrations.AlterField(
            model_name='historicalcitation',
            name='stance',
            field=models.CharField(choices=[('supports', 'supports'), ('qualifies', 'partly agrees'), ('disputes', 'disputes')], default='supports', max_length=9, verbose_name='stance'),
        ),
    ]
