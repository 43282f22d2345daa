"""Import records of every kind from tables that belong together: a folder or an archive of CSV files, or an .xlsx.

`sources` reads the tables, `plan` compares all of them with what is stored and names every error at once, `apply`
carries a plan out in one short transaction, or writes nothing. docs/import.md describes the tables.
"""

from .plan import PlannedRow, WorkbookPlan
from .planning import plan
from .sources import read_archive, read_files, read_folder
from .workbook import Workbook
from .writing import apply

__all__ = [
    "PlannedRow",
    "Workbook",
    "WorkbookPlan",
    "apply",
    "plan",
    "read_archive",
    "read_files",
    "read_folder",
]
