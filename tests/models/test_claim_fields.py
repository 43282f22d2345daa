"""The declaration of the fields of a claim holds every field that people write, and no other."""

from comparisons.admin.claims import ClaimAdmin
from comparisons.domain.claim_fields import CITATION, CLAIM_FIELDS
from comparisons.models import Citation, Claim


def edited(model):
    return {field.name for field in (*model._meta.fields, *model._meta.many_to_many) if field.editable} - {"id"}


def test_every_field_of_a_claim_that_people_write_is_declared():
    assert {field.name for field in CLAIM_FIELDS} == edited(Claim), "a fact is said once: see domain/claim_fields.py"


def test_every_field_of_a_citation_that_people_write_is_declared():
    assert set(CITATION) == edited(Citation) - {"claim"}, "a fact is said once: see domain/claim_fields.py"


def test_references_name_other_records_and_text_is_text():
    for field in CLAIM_FIELDS:
        column = Claim._meta.get_field(field.name)
        assert column.is_relation == field.is_reference
        assert not field.is_markdown or column.get_internal_type() == "TextField"


def test_the_form_of_the_admin_shows_every_declared_field():
    shown = {
        name
        for _title, options in ClaimAdmin.fieldsets
        for item in options["fields"]
        for name in (item if isinstance(item, tuple) else (item,))
    }
    assert {field.name for field in CLAIM_FIELDS} <= shown
