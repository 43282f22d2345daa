"""Pages about this site, and the words that lead to them; lists.py holds the lists of what is compared."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from .list_page import ListPage

SITE_PAGES: tuple[ListPage, ...] = (
    ListPage(
        gettext_lazy("Latest changes"),
        gettext_lazy("Answers, disputes and decisions that changed, the newest first."),
        gettext_lazy(
            "recent changes, changes, latest changes, news, what is new, changelog, updates, recently changed, what "
            "changed, changed recently"
        ),
        "home",
        {},
        "",
        "#h-changes",
    ),
    ListPage(
        gettext_lazy("How we compute answers and evidence"),
        gettext_lazy("How sources are counted, and what strong, fair and thin mean."),
        gettext_lazy(
            "method, methodology, how is this computed, how is it computed, how does this work, how are claims "
            "checked, how is strength computed, evidence strength, scoring, strong fair thin, fact check, legend, "
            "trust, evidence, rate evidence, evidence rating, how do you rate evidence, can i trust this, how "
            "reliable is this"
        ),
        "method",
    ),
    ListPage(
        gettext_lazy("Glossary"),
        gettext_lazy("The words of this site, each explained."),
        gettext_lazy(
            "glossary, words, terms, terminology, definitions, definition, vocabulary, jargon, what do the words mean, "
            "what does disputed mean, what does strong mean, what does thin mean, what does ruling mean, what is a "
            "claim, what is a cell, what is a ruling, what is a verdict, meaning of verdict, meaning of ruling"
        ),
        "method",
        {},
        "",
        "#words",
    ),
    ListPage(
        gettext_lazy("What is covered and missing"),
        gettext_lazy("Claims by criterion and framework."),
        gettext_lazy("coverage, gaps, missing, unanswered questions, what is missing, no sources"),
        "coverage",
    ),
    ListPage(
        gettext_lazy("All data, to take away"),
        gettext_lazy("Everything that readers see, as files and through an interface for programs."),
        gettext_lazy(
            "download, downloads, download data, all data, dataset, data set, data dump, open data, bulk data, data "
            "files, export, export data, export csv, csv, excel, spreadsheet, sqlite file, api of this site, "
            "api access"
        ),
        "data",
    ),
    ListPage(
        gettext_lazy("Feeds of changes"),
        gettext_lazy("What changes, told to your feed reader: everything, one framework or one question."),
        gettext_lazy(
            "feeds, feed, rss feed, rss, atom, atom feed, subscribe, follow, follow changes, newsletter, alerts"
        ),
        "data",
        {},
        "",
        "#feeds",
    ),
    ListPage(
        gettext_lazy("Embed"),
        gettext_lazy("An answer, a row or a comparison within a page of yours."),
        gettext_lazy("embed, embed a comparison, embed this, embedding, widget, iframe, badge"),
        "data",
        {},
        "",
        "#embed",
    ),
    ListPage(
        gettext_lazy("Licence of texts and data"),
        gettext_lazy("What you may do with them, and how to name where they come from."),
        gettext_lazy(
            "licence of the data, license of the data, data licence, data license, content licence, content license, "
            "cite, cite this site, cite this page, how to cite, reuse, may i copy this, attribution"
        ),
        "data",
        {},
        "",
        "#licence",
    ),
    ListPage(
        gettext_lazy("About the editors"),
        gettext_lazy("Who decides what is published here, and how to reach them."),
        gettext_lazy(
            "editors, about the editors, who decides, who decides what is true, about, about us, about this site, who "
            "is behind this, who writes this, who made this, who runs this, contact, imprint"
        ),
        "about_editors",
    ),
    ListPage(
        gettext_lazy("Objections and answers"),
        gettext_lazy("What readers held against claims and answers, and what the editors replied."),
        gettext_lazy(
            "objections, objection, challenges, corrections, report an error, report a mistake, complaints, feedback"
        ),
        "challenge_list",
    ),
)
