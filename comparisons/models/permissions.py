"""The names of the permissions that the steps of editing ask for."""

#: To create claims, and to edit them.
ADD, EDIT = "comparisons.add_claim", "comparisons.change_claim"
#: To publish, return and withdraw claims.
PUBLISH = "comparisons.publish_claim"
#: To give verdicts and rulings.
JUDGE = "comparisons.judge_claim"
#: To merge, rename and split records.
MERGE = "comparisons.merge_records"
