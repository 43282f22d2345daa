"""What an index of packages says about a release."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0033_starting_needs'),
    ]

    operations = [
        migrations.AddField(
            model_name='release',
            name='by_machine',
            field=models.BooleanField(default=False, editable=False, help_text='Read from an index of packages.', verbose_name='found by a machine'),
        ),
        migrations.AddField(
            model_name='release',
            name='is_yanked',
            field=models.BooleanField(default=False, help_text='Whether the project took it back: it is not to be used any more.', verbose_name='yanked'),
        ),
        migrations.AddField(
            model_name='release',
            name='requires_python',
            field=models.CharField(blank=True, default='', help_text='As its package says: “>=3.12”.', max_length=100, verbose_name='required Python'),
        ),
        migrations.AddField(
            model_name='release',
            name='size',
            field=models.PositiveIntegerField(blank=True, help_text='Of its package, in bytes.', null=True, verbose_name='size'),
        ),
    ]
