"""The names of the permissions that the steps of editing ask for, and what is said to those who lack them."""

from django.utils.translation import gettext_lazy as _

#: To create claims, and to edit them.
ADD, EDIT = "comparisons.add_claim", "comparisons.change_claim"
#: To publish, return and withdraw claims.
PUBLISH = "comparisons.publish_claim"
#: To give verdicts and rulings.
JUDGE = "comparisons.judge_claim"
#: To merge, rename and split records.
MERGE = "comparisons.merge_records"

#: Why an account without a permission is refused.
FOR_EDITORS = _("Only editors and reviewers may do this.")
FOR_REVIEWERS = _("Only reviewers may do this.")
