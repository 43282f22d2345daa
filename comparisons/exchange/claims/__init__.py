"""Import claims with their citations from a file of people: read, plan, write.

`read` takes bytes and gives records with the row of each; `plan` compares them with what is stored and names every
error at once; `apply` writes what was planned in one short transaction, or nothing. docs/import.md describes the file.
"""

from .planning import Change, Item, Plan, Unknown, plan
from .reading import FORMATS, Problem, Record, Source, Unreadable, read
from .writing import Outdated, Refused, apply

__all__ = [
    "FORMATS",
    "Change",
    "Item",
    "Outdated",
    "Plan",
    "Problem",
    "Record",
    "Refused",
    "Source",
    "Unknown",
    "Unreadable",
    "apply",
    "plan",
    "read",
]
