"""Lines of the verdict of a comparison, its headlines, and the criteria of it that the front page shows."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0017_subject'),
    ]

    operations = [
        migrations.AddField(
            model_name='comparisoncriterion',
            name='is_key',
            field=models.BooleanField(default=False, verbose_name='on the front page'),
        ),
        migrations.AddField(
            model_name='comparisonframework',
            name='headline',
            field=models.CharField(blank=True, default='', max_length=60, verbose_name='headline'),
        ),
        migrations.AddField(
            model_name='paragraph',
            name='framework',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comparisons.framework', verbose_name='framework'),
        ),
        migrations.CreateModel(
            name='VerdictLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField(default=0, verbose_name='order')),
                ('kind', models.CharField(choices=[('pick', 'Pick it for'), ('twice', 'Think twice'), ('not-for', 'Not for'), ('agreed', 'Agreed'), ('not-agreed', 'Not agreed')], max_length=10, verbose_name='kind')),
                ('text', models.CharField(max_length=120, verbose_name='text')),
                ('claims', models.ManyToManyField(blank=True, related_name='verdict_lines', to='comparisons.claim', verbose_name='claims')),
                ('comparison', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='comparisons.comparison', verbose_name='comparison')),
                ('framework', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comparisons.framework', verbose_name='framework')),
            ],
            options={
                'verbose_name': 'line of a verdict',
                'verbose_name_plural': 'lines of a verdict',
                'ordering': ['comparison', 'order'],
                'constraints': [models.UniqueConstraint(fields=('comparison', 'order'), name='verdict_line_once_per_place'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='verdict_line_has_text'), models.CheckConstraint(condition=models.Q(('kind__in', ['pick', 'twice', 'not-for', 'agreed', 'not-agreed'])), name='verdict_line_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('framework__isnull', False), ('kind__in', ['pick', 'twice', 'not-for'])), models.Q(models.Q(('kind__in', ['pick', 'twice', 'not-for']), _negated=True), ('framework__isnull', True)), _connector='OR'), name='verdict_line_has_framework_if_about_one', violation_error_message='Name a framework for what to pick it for, think twice about or not use it for, and no framework for what is agreed or not agreed.')],
            },
        ),
    ]
