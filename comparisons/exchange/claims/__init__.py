"""Import claims with their citations from a file: read it, plan the import, carry the plan out.

`read` takes bytes and gives records with the row of each. `plan` compares them with the stored claims and names every
error at once. `apply` carries a plan out in one short transaction, or writes nothing. docs/import.md describes the
file.
"""

from comparisons.exchange.claim_columns import FORMATS

from .import_plan import ColumnChange, ImportPlan, PlannedClaim, UnknownName
from .planning import plan
from .reading import read
from .records import ClaimFile, FileRecord, RowProblem, Unreadable
from .writing import Outdated, UnsoundPlan, apply

__all__ = [
    "FORMATS",
    "ClaimFile",
    "ColumnChange",
    "FileRecord",
    "ImportPlan",
    "Outdated",
    "PlannedClaim",
    "RowProblem",
    "UnknownName",
    "Unreadable",
    "UnsoundPlan",
    "apply",
    "plan",
    "read",
]
