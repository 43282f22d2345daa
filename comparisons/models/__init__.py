"""Tables and the rules that one row can keep by itself. What spans rows: comparisons/checks.py."""

from .base import StaleVersion, bulk_write
from .catalogue import Criterion, CriterionGroup, Framework, Level, Release
from .evidence import Article, Citation, Claim
from .judgement import Cell, Ruling
from .pages import Comparison, ComparisonCriterion, ComparisonFramework, Paragraph
from .search import SearchEntry, SearchWord
from .summary import ClaimSummary, Edition

__all__ = [
    "Article",
    "Cell",
    "Citation",
    "Claim",
    "ClaimSummary",
    "Comparison",
    "ComparisonCriterion",
    "ComparisonFramework",
    "Criterion",
    "CriterionGroup",
    "Edition",
    "Framework",
    "Level",
    "Paragraph",
    "Release",
    "Ruling",
    "SearchEntry",
    "SearchWord",
    "StaleVersion",
    "bulk_write",
]
