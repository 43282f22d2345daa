"""Help texts for the fields of the admin's forms. Those that a model has already are not repeated."""

from django.utils.translation import gettext_lazy as _

_SLUG = _("Part of the address of its page. Later, a reviewer can change it with “Rename…”.")
_ORDER = _("Lower numbers come first; equal numbers are sorted by name.")
_NUMBER = _("The figure without its unit, which the criterion gives.")
_UP_TO = _("The upper end of a range; leave it empty for a single figure.")
_TEXT = _("At most 48 characters, for a criterion that is answered by a text; it has to fit a cell.")
_LEVEL = _("One of the levels of the criterion; choose the criterion first.")
_PRECISION = _("How exactly the day is known: year, month or day.")
_KNOWN_DAY = _("As 2026-03-14; as 2026-03 or 2026 if no more than that is known.")

CLAIM = {
    "key": _("Names the claim in addresses. If left empty, one is made; it is fixed once the claim is published."),
    "criterion": _("The question that this claim answers, or argues about."),
    "kind": _("A figure has conditions, a pitfall an impact and a remedy."),
    "polarity": _("Whether it speaks for the framework, against it, or neither."),
    "level": _LEVEL,
    "number": _NUMBER,
    "number_high": _UP_TO,
    "text": _TEXT,
    "since_version": _("The first version it applies to, if the source says so."),
    "until_version": _("The last version it applies to, if the source says so."),
    "hardware": _("The machine it was measured on. A figure without it has no stated method."),
    "server": _("The server software in front of the framework."),
    "workers": _("The number of processes and threads."),
    "versions": _("The versions that were measured."),
    "payload": _("What was sent and returned. A figure without it has no stated method."),
    "concurrency": _("How many requests were made at the same time."),
    "date": _("When it was measured, as the source puts it."),
    "verdict": _("The fact check; it is shown beside what the sources say, and does not replace it."),
    "verdict_note": _("What was checked, and with what result. Readers see it."),
    "verdict_on": _("The day on which it was checked."),
    "verdict_articles": _("The articles that show it; they need not be among those cited."),
}
CITATION = {
    "article": _("The source that was read. Add it first if it is not there yet."),
    "stance": _("Whether this source says so, limits it, or says otherwise."),
}
ARTICLE = {
    "title": _("As the source gives it, without the name of the site."),
    "slug": _SLUG,
    "author": _("Who wrote it, as the source names them; empty if it names nobody."),
    "kind": _("What sort of source it is; it decides how its date and its weight are read."),
    "interest": _("What its publisher has to gain by it."),
    "published_on": _KNOWN_DAY,
    "precision": _PRECISION,
    "read_on": _("The day on which it was read; a page that is kept up to date counts as of that day."),
    "note": _("Anything a later editor should know; readers see it on the page of the article."),
    "archive_url": _("Where a copy is kept in case the page goes away."),
}
PUBLISHER = {
    "name": _("As it calls itself. Later, a reviewer can change it with “Rename…”."),
    "url": _("Where it introduces itself."),
    "note": _("Anything a later editor should know; readers do not see it."),
}
PUBLISHER_ALIAS = {
    "name": _("Another spelling or a former name, under which files and editors find it too."),
}
BENCHMARK = {
    "title": _("What readers know it by: who measured, what, when."),
    "slug": _("Part of the address of its page."),
    "article": _("The source that published the test."),
    "measured_on": _KNOWN_DAY,
    "precision": _PRECISION,
}
FRAMEWORK = {
    "name": _("As the project writes it."),
    "homepage": _("The project's own site, if it has one."),
    "documentation": _("Where its documentation begins."),
    "repository": _("Where its source code is kept."),
    "package_name": _("Its name in the package index, if it has one there."),
    "license": _("The short name of its licence, such as MIT."),
    "order": _ORDER,
}
RELEASE = {
    "framework": _("The framework that this is a version of."),
    "version_number": _("As the project numbers it, such as 5.2 or 3.0.1; patch releases do not call for a recheck."),
    "released_on": _KNOWN_DAY,
    "precision": _PRECISION,
    "note": _("What it brought, in a few words."),
    "articles": _("The sources that confirm its date."),
    "requires_python": _("As its package says, such as “>=3.12”."),
    "size": _("Of its package, in bytes."),
    "is_yanked": _("Whether the project took it back. No program is run with it any more."),
}
GROUP = {
    "slug": _SLUG,
    "name": _("The heading above its criteria."),
    "description": _("One line under the heading."),
    "order": _ORDER,
}
CRITERION = {
    "group": _("The heading under which it stands."),
    "slug": _SLUG,
    "name": _("A short name for the row; the question is asked below."),
    "value_type": _("How it is answered: by one of its levels, by a number with a unit, or by a few words."),
    "direction": _("Which end of the scale is the better one, if any."),
    "order": _ORDER,
}
STARTING_NEED = {
    "use_case": _("The kind of project that asks it: a criterion of a group that holds use cases."),
    "criterion": _("The question that matters for such a project."),
    "level": _("The least answer that will do; choose the criterion first. Empty: it is no must-have."),
    "weight": _("How much it counts in the ranking that a reader starts from, and can change."),
    "order": _("Its place in the list, from the top."),
}
LEVEL = {
    "label": _("The answer as readers see it in a cell."),
    "slug": _("Names the level in addresses and exports."),
    "meaning": _("How far this answer meets the need, whatever its label."),
    "order": _("From the fullest answer to the least, from 1."),
}
RULING = {
    "framework": _("The column of the cell."),
    "criterion": _("The row of the cell."),
    "level": _LEVEL,
    "number": _NUMBER,
    "number_high": _UP_TO,
    "text": _TEXT,
    "reason": _("Why the sources differ."),
    "accepted": _(
        "Published claims that give the value that stands; of an open ruling, those of one side. At least one claim"
        " here or below must be about this very cell."
    ),
    "rejected": _("Published claims that give another value."),
    "ruled_on": _("The day of the decision."),
}
COMPARISON = {
    "title": _("The heading of the page."),
    "slug": _SLUG,
    "introduction": _("What is compared, and for whom, in Markdown."),
    "featured": _("Whether the front page shows it."),
    "order": _ORDER,
}
COLUMN = {
    "framework": _("A framework to compare."),
    "headline": _("What it is, in this comparison, in a few words: “A whole product in one box”."),
    "order": _("Its place from the left."),
}
ROW = {
    "criterion": _("A question that every framework is asked."),
    "is_key": _("Whether the front page shows it, if it shows this comparison; half a dozen that tell most."),
    "order": _("Its place from the top."),
}
PARAGRAPH = {
    "framework": _("The framework that it is about; without one it stands above all of them."),
    "text": _("One paragraph of what readers see as “In short”, in Markdown."),
    "claims": _("Published claims that support it."),
    "order": _("Its place among the paragraphs."),
}
VERDICT_LINE = {
    "kind": _("What the line says of a framework, or of all of them."),
    "framework": _("The framework that it is about; empty for what is agreed or not agreed."),
    "text": _("A few words: “Products with accounts, pages and an admin”. Its claims say the rest."),
    "claims": _("Published claims that it rests on. It is as strong as the weakest of those that count."),
    "order": _("Its place among the lines; each has its own."),
}
SUBJECT = {
    "name": _("What the site is called, in its head and in titles."),
    "title": _("What is compared, as the heading of the front page."),
    "lead": _("One or two sentences under the title: what readers find here."),
    "schema_type": _("What programs that read a page, such as search engines, take one of them for."),
    "fact_kind": _("A short word that tells them apart."),
    "fact_first_release": _("When, or with what, each began."),
    "fact_license": _("Under what terms each may be used."),
    "fact_package_name": _("The name under which programs install it."),
    "fact_homepage": _("A web address."),
    "fact_documentation": _("A web address."),
    "fact_repository": _("A web address."),
    "condition_hardware": _("On what it was measured. A figure without it has no stated method."),
    "condition_server": _("What stood in front of what was measured."),
    "condition_workers": _("How many did the work."),
    "condition_versions": _("Which versions were measured."),
    "condition_payload": _("What was done. A figure without it has no stated method."),
    "condition_concurrency": _("How much at the same time."),
    "condition_date": _("When it was measured."),
    "noun": _("What one of the things compared is called, such as “framework”. All pages use it, and the admin."),
    "noun_plural": _("The same in the plural, such as “frameworks”. Addresses use it too; former ones lead there."),
    "introduction": _("What is compared, for whom, and what is left out, in Markdown; shown on “About the editors”."),
    "editors": _("Who edits, how they work, and what they gain by it, in Markdown."),
    "text_licence": _("The short name of the licence of all texts and data, such as CC BY 4.0."),
    "text_licence_url": _("Where its text is found."),
    "code_licence": _("The short name of the licence of the code, such as MIT."),
    "code_licence_url": _("Where its text, or the code, is found."),
    "contact": _("A web address or an e-mail address at which readers reach the editors."),
}
