"""Tables and the rules that one row can keep by itself. What spans rows: comparisons/maintenance/checks.py."""

from .addresses import FormerAddress
from .articles import Article
from .base import StaleVersion, bulk_write
from .benchmarks import Benchmark
from .catalogue import Criterion, CriterionGroup, Framework, Level, Release
from .challenges import Challenge
from .changes import MeaningChange
from .checks import Check
from .claims import Citation, Claim
from .decisions import DecisionRecord
from .editions import ComparisonEdition, EditionRow
from .imports import ClaimImport
from .judgement import Cell, Ruling
from .links import Lease, LinkCheck
from .pages import Comparison, ComparisonCriterion, ComparisonFramework, Paragraph, VerdictLine
from .proposals import Proposal
from .publishers import Publisher, PublisherAlias
from .runs import Run
from .search import SearchEntry, SearchWord
from .search_names import SearchName
from .stamps import PageStamp
from .starting_needs import StartingNeed
from .subject import Subject
from .summary import ClaimSummary, Edition, StoredSets
from .team import DeskVisit, Note

__all__ = [
    "Article",
    "Benchmark",
    "Cell",
    "Challenge",
    "Check",
    "Citation",
    "Claim",
    "ClaimImport",
    "ClaimSummary",
    "Comparison",
    "ComparisonCriterion",
    "ComparisonEdition",
    "ComparisonFramework",
    "Criterion",
    "CriterionGroup",
    "DecisionRecord",
    "DeskVisit",
    "Edition",
    "EditionRow",
    "FormerAddress",
    "Framework",
    "Lease",
    "Level",
    "LinkCheck",
    "MeaningChange",
    "Note",
    "PageStamp",
    "Paragraph",
    "Proposal",
    "Publisher",
    "PublisherAlias",
    "Release",
    "Ruling",
    "Run",
    "SearchEntry",
    "SearchName",
    "SearchWord",
    "StaleVersion",
    "StartingNeed",
    "StoredSets",
    "Subject",
    "VerdictLine",
    "bulk_write",
]
