"""Tables and the rules that one row can keep by itself. What spans rows: comparisons/checks.py."""

from .base import StaleVersion, bulk_write
from .catalogue import Criterion, CriterionGroup, Framework, Level, Release
from .evidence import Article, Citation, Claim
from .judgement import Cell, Ruling
from .pages import Comparison, ComparisonCriterion, ComparisonFramework, Paragraph
from .search import SearchEntry, SearchWord

__all__ = [
    "Article",
    "Cell",
    "Citation",
    "Claim",
    "Comparison",
    "ComparisonCriterion",
    "ComparisonFramework",
    "Criterion",
    "CriterionGroup",
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
