"""The words that a newcomer has to learn, as they stand on the first screen of a page."""

from __future__ import annotations

import re

from .conftest import Window

#: Words that stand for ideas of ours. A newcomer learns at most six of them on one screen.
OURS = {
    "claim": r"claims?",
    "citation": r"citations?|cited?",
    "source": r"sources?|articles?",
    "cell": r"cells?",
    "criterion": r"criterion|criteria",
    "value": r"values?",
    "reading": r"readings?",
    "witness": r"witness(es)?",
    "stance": r"stances?",
    "verdict": r"verdicts?",
    "ruling": r"rulings?|ruled",
    "strength": r"strength",
    "agreement": r"agreement",
    "recheck": r"rechecks?",
    "polarity": r"polarity|polarities",
    "freshness": r"freshness",
    "dispute": r"disput\w+",
}
MOST_WORDS = 6
#: The text above the fold that is seen: neither hidden for screen readers nor in a closed popover or fold, nor the text
#: of a record, whose direction is its own: "reading records" in a claim is no word of ours.
FIRST_SCREEN = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, range = document.createRange();
    if (!node.data.trim() || !node.parentElement.checkVisibility()) continue;
    if (node.parentElement.closest(".vh, script, style, textarea, .meaning, [dir=auto]")) continue;
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width && box.height && box.top < innerHeight) found.push(node.data);
  }
  return found.join(" ");
}"""


def words_of_ours(window: Window) -> list[str]:
    """The words of OURS that are seen on the first screen of the page."""
    text = window.page.evaluate(FIRST_SCREEN).lower()
    return [word for word, forms in OURS.items() if re.search(rf"\b({forms})\b", text)]
