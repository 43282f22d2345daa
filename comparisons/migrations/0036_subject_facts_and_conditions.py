"""What the facts of a profile and the conditions of a figure are called, and what programs take what is compared for."""

import comparisons.models.subject
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comparisons', '0035_names_of_fields'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalsubject',
            name='condition_concurrency',
            field=models.CharField(blank=True, default='Concurrency', max_length=40, verbose_name='Concurrency'),
        ),
        migrations.AddField(
            model_name='historicalsubject',
            name='condition_date',
            field=models.CharField(blank=True, default='Date', max_length=40, verbose_name='Date'),
        ),
        migrations.AddField(
            model_name='historicalsubject',
            name='condition_hardware',
            field=models.CharField(blank=True, default='Hardware', max_length=40, verbose_name='Hardware'),
        ),
        migrations.AddField(
            model_name='historicalsubject',
            name='condition_payload',
            field=models.CharField(blank=True, default='Payload', max_length=40, verbose_name='Payload'),
        ),
        migrations.AddField(
            model_name='historicalsubject',
            name='condition_server',
            field=models.CharField(blank=True, default='Server', max_length=40, verbose_name='Server'),
        ),
        migrations.AddField(
            model_name='historicalsubject',
            name='condition_versions',
            field=models.CharField(blank=True, default='Versions', max_length=40, verbose_name='Versions'),
        ),
        migrations.AddField(
            model_name='historicalsubject',
            name='condition_workers',
            field=models.CharField(blank=True, default='Workers', max_length=40, verbose_name='Workers'),
        ),
        migrations.AddField(
            model_name='historicalsubject',
            name='fact_documentation',
            field=models.CharField(blank=True, default='Documentation', max_length=40, verbose_name='Documentation'),
        ),
        migrations.AddField(
            model_name='historicalsubject',
            name='fact_first_release',
            field=models.CharField(blank=True, default='First release', max_length=40, verbose_name='First release'),
        ),
        migrations.AddField(
            model_name='historicalsubject',
            name='fact_homepage',
            field=models.CharField(blank=True, default='Homepage', max_length=40, verbose_name='Homepage'),
        ),
        migrations.AddField(
            model_name='historicalsubject',
            name='fact_kind',
            field=models.CharField(blank=True, default='Kind', max_length=40, verbose_name='Kind'),
        ),
        migrations.AddField(
            model_name='historicalsubject',
            name='fact_license',
            field=models.CharField(blank=True, default='Licence', max_length=40, verbose_name='Licence'),
        ),
        migrations.AddField(
            model_name='historicalsubject',
            name='fact_package_name',
            field=models.CharField(blank=True, default='Package', max_length=40, verbose_name='Package'),
        ),
        migrations.AddField(
            model_name='historicalsubject',
            name='fact_repository',
            field=models.CharField(blank=True, default='Repository', max_length=40, verbose_name='Repository'),
        ),
        migrations.AddField(
            model_name='historicalsubject',
            name='schema_type',
            field=models.CharField(choices=[('SoftwareApplication', 'Software'), ('WebApplication', 'Software in the browser'), ('MobileApplication', 'Software for phones'), ('VideoGame', 'Video game'), ('SoftwareSourceCode', 'Source code'), ('ComputerLanguage', 'Programming language'), ('WebSite', 'Website'), ('Product', 'Product'), ('Vehicle', 'Vehicle'), ('Service', 'Service'), ('Course', 'Course'), ('Book', 'Book'), ('CreativeWork', 'Work of another kind'), ('Organization', 'Organisation'), ('Place', 'Place'), ('Thing', 'Anything else')], default='SoftwareApplication', max_length=30, verbose_name='type for programs'),
        ),
        migrations.AddField(
            model_name='subject',
            name='condition_concurrency',
            field=models.CharField(blank=True, default='Concurrency', max_length=40, verbose_name='Concurrency'),
        ),
        migrations.AddField(
            model_name='subject',
            name='condition_date',
            field=models.CharField(blank=True, default='Date', max_length=40, verbose_name='Date'),
        ),
        migrations.AddField(
            model_name='subject',
            name='condition_hardware',
            field=models.CharField(blank=True, default='Hardware', max_length=40, verbose_name='Hardware'),
        ),
        migrations.AddField(
            model_name='subject',
            name='condition_payload',
            field=models.CharField(blank=True, default='Payload', max_length=40, verbose_name='Payload'),
        ),
        migrations.AddField(
            model_name='subject',
            name='condition_server',
            field=models.CharField(blank=True, default='Server', max_length=40, verbose_name='Server'),
        ),
        migrations.AddField(
            model_name='subject',
            name='condition_versions',
            field=models.CharField(blank=True, default='Versions', max_length=40, verbose_name='Versions'),
        ),
        migrations.AddField(
            model_name='subject',
            name='condition_workers',
            field=models.CharField(blank=True, default='Workers', max_length=40, verbose_name='Workers'),
        ),
        migrations.AddField(
            model_name='subject',
            name='fact_documentation',
            field=models.CharField(blank=True, default='Documentation', max_length=40, verbose_name='Documentation'),
        ),
        migrations.AddField(
            model_name='subject',
            name='fact_first_release',
            field=models.CharField(blank=True, default='First release', max_length=40, verbose_name='First release'),
        ),
        migrations.AddField(
            model_name='subject',
            name='fact_homepage',
            field=models.CharField(blank=True, default='Homepage', max_length=40, verbose_name='Homepage'),
        ),
        migrations.AddField(
            model_name='subject',
            name='fact_kind',
            field=models.CharField(blank=True, default='Kind', max_length=40, verbose_name='Kind'),
        ),
        migrations.AddField(
            model_name='subject',
            name='fact_license',
            field=models.CharField(blank=True, default='Licence', max_length=40, verbose_name='Licence'),
        ),
        migrations.AddField(
            model_name='subject',
            name='fact_package_name',
            field=models.CharField(blank=True, default='Package', max_length=40, verbose_name='Package'),
        ),
        migrations.AddField(
            model_name='subject',
            name='fact_repository',
            field=models.CharField(blank=True, default='Repository', max_length=40, verbose_name='Repository'),
        ),
        migrations.AddField(
            model_name='subject',
            name='schema_type',
            field=models.CharField(choices=[('SoftwareApplication', 'Software'), ('WebApplication', 'Software in the browser'), ('MobileApplication', 'Software for phones'), ('VideoGame', 'Video game'), ('SoftwareSourceCode', 'Source code'), ('ComputerLanguage', 'Programming language'), ('WebSite', 'Website'), ('Product', 'Product'), ('Vehicle', 'Vehicle'), ('Service', 'Service'), ('Course', 'Course'), ('Book', 'Book'), ('CreativeWork', 'Work of another kind'), ('Organization', 'Organisation'), ('Place', 'Place'), ('Thing', 'Anything else')], default='SoftwareApplication', max_length=30, verbose_name='type for programs'),
        ),
        migrations.AlterField(
            model_name='historicalsubject',
            name='has_releases',
            field=models.BooleanField(default=True, help_text='Untick it if what is compared has none: no page and no form speaks of them then.', verbose_name='comes out in versions'),
        ),
        migrations.AlterField(
            model_name='subject',
            name='has_releases',
            field=models.BooleanField(default=True, help_text='Untick it if what is compared has none: no page and no form speaks of them then.', verbose_name='comes out in versions'),
        ),
        migrations.AlterField(
            model_name='historicalsubject',
            name='noun',
            field=models.CharField(default='framework', max_length=40, validators=[comparisons.models.subject.validate_noun], verbose_name='noun'),
        ),
        migrations.AlterField(
            model_name='historicalsubject',
            name='noun_plural',
            field=models.CharField(default='frameworks', max_length=40, validators=[comparisons.models.subject.validate_noun], verbose_name='noun in the plural'),
        ),
        migrations.AlterField(
            model_name='subject',
            name='noun',
            field=models.CharField(default='framework', max_length=40, validators=[comparisons.models.subject.validate_noun], verbose_name='noun'),
        ),
        migrations.AlterField(
            model_name='subject',
            name='noun_plural',
            field=models.CharField(default='frameworks', max_length=40, validators=[comparisons.models.subject.validate_noun], verbose_name='noun in the plural'),
        ),
        migrations.AddConstraint(
            model_name='subject',
            constraint=models.CheckConstraint(condition=models.Q(('schema_type__in', ['SoftwareApplication', 'WebApplication', 'MobileApplication', 'VideoGame', 'SoftwareSourceCode', 'ComputerLanguage', 'WebSite', 'Product', 'Vehicle', 'Service', 'Course', 'Book', 'CreativeWork', 'Organization', 'Place', 'Thing'])), name='subject_schema_type_known'),
        ),
    ]
