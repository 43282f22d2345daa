"""The groups of the people who work here: viewer, editor, reviewer."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

#: What an editor writes. Levels and citations are written with their criterion and their claim.
WRITTEN = ("article", "citation", "claim", "criterion", "criteriongroup", "framework", "level", "release")
#: What a reviewer writes besides: it stands on the site as soon as it is saved.
JUDGED = ("comparison", "comparisoncriterion", "comparisonframework", "paragraph", "ruling")
STEPS = ("publish_claim", "judge_claim", "merge_records")
GROUPS = ("viewer", "editor", "reviewer")


def _may(group: str, codename: str) -> bool:
    action, _, model = codename.partition("_")
    if action == "view":
        return not model.startswith("historical")
    if codename in STEPS:
        return group == "reviewer"
    return action in ("add", "change", "delete") and (
        (group in ("editor", "reviewer") and model in WRITTEN) or (group == "reviewer" and model in JUDGED)
    )


def make_groups(apps, schema_editor):
    """Give each group its permissions; a group of that name that is there keeps those it has besides."""
    database = schema_editor.connection.alias
    # Permissions are made after all migrations; these are needed now.
    config = apps.get_app_config("comparisons")
    before = getattr(config, "models_module", None)
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=database)
    config.models_module = before
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    known = list(permissions.filter(content_type__app_label="comparisons"))
    for name in GROUPS:
        group, _created = apps.get_model("auth", "Group").objects.using(database).get_or_create(name=name)
        group.permissions.add(*[one for one in known if _may(name, one.codename)])


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias).filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("comparisons", "0004_review"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, remove_groups)]
