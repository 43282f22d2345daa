"""Rename, merge and split records: everything that belongs to them moves along, and old addresses lead to the new ones.

Each is one transaction. It locks claims, then rulings, then the records themselves, each kind in the order of their
primary keys. It raises StaleVersion if somebody has saved a record since it was read (a row carries the version at
which it was read). Every row that moves gets an entry in its history that says who moved it and why. Derived data is
brought up to date after the commit.

Nothing a source said is lost: see `places`. The duplicate is deleted, its history stays, and `models.FormerAddress`
keeps its address.
"""

from .articles import ARTICLE_FIELDS, article_plan, merge_articles
from .claims import claim_plan, merge_claims, unapproved
from .criteria import criterion_plan, merge_criteria
from .plan import Batch, LevelChoice, MergePlan, Offer, Refused, RulingChoice
from .publishers import PUBLISHER_FIELDS, check_name, merge_publishers, publisher_plan, rename_publisher
from .renaming import check_slug, rename
from .splitting import Split, split_criterion, split_plan

__all__ = [
    "ARTICLE_FIELDS",
    "PUBLISHER_FIELDS",
    "Batch",
    "LevelChoice",
    "MergePlan",
    "Offer",
    "Refused",
    "RulingChoice",
    "Split",
    "article_plan",
    "check_name",
    "check_slug",
    "claim_plan",
    "criterion_plan",
    "merge_articles",
    "merge_claims",
    "merge_criteria",
    "merge_publishers",
    "publisher_plan",
    "rename",
    "rename_publisher",
    "split_criterion",
    "split_plan",
    "unapproved",
]
