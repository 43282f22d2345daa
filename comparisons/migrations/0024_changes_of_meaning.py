"""Changes of meaning: what readers were told before, what they are told now, and since when."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0023_proposals_of_rereading'),
    ]

    operations = [
        migrations.CreateModel(
            name='MeaningChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=300, unique=True)),
                ('kind', models.CharField(choices=[('answer', 'new answer'), ('disputed', 'now disputed'), ('settled', 'no longer disputed'), ('ruled', 'ruled'), ('unruled', 'ruling withdrawn'), ('fact-check', 'fact check'), ('added', 'new here')], max_length=10)),
                ('on', models.DateField(db_index=True)),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('before', models.CharField(default='', max_length=200)),
                ('after', models.CharField(default='', max_length=200)),
                ('was_disputed', models.BooleanField(default=False)),
                ('is_disputed', models.BooleanField(default=False)),
                ('why', models.TextField(default='')),
                ('claim', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='comparisons.claim')),
                ('criterion', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='comparisons.criterion')),
                ('framework', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='comparisons.framework')),
            ],
            options={
                'verbose_name': 'change of meaning',
                'verbose_name_plural': 'changes of meaning',
                'ordering': ['-on', '-pk'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='meaning_change_has_key'), models.CheckConstraint(condition=models.Q(('kind__in', ['answer', 'disputed', 'settled', 'ruled', 'unruled', 'fact-check', 'added'])), name='meaning_change_kind_known')],
            },
        ),
    ]
