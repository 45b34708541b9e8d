"""Every word that a packet prints by itself, in one table, so that a translation can follow it."""

from __future__ import annotations

WORDS = {
    "title": "Testimony to the {body}",
    "of": "Testimony of {speaker}",
    "about": "On the districts of {jurisdiction}",
    "when": "{date}, {place}",
    "made": "This packet was made on {date}.",
    "ask": "What we ask",
    "contents": "In this packet",
    "skip": "Skip to the text",
    "page": "page {number} of {total}",
    "legal": "Not legal advice; confirm with counsel.",
    "script": "What will be said",
    "script_count": (
        "{words} words, about {seconds} seconds at {pace} words a minute. The {body} allows {limit} seconds."
    ),
    "leave_behind": "The page to keep",
    "exhibits": "Exhibits",
    "exhibit": "Exhibit {number}",
    "locator": "Locator map. {place}.",
    "shows": "What the map shows",
    "many_show": "What the maps show",
    "title_checked": "The title was checked against {figures}: {reason}",
    "title_own": "The title is the author's statement.",
    "how_made": "How it was made",
    "sources_short": "Sources: {sources}. Uncertainty: {kinds}.",
    "more_made": "Files, hashes and method stand under “{chapter}”.",
    "how_all_made": "How the exhibits were made",
    "as_before": "Further as for exhibit {number}.",
    "colour": "Color",
    "share": "Share",
    "all": "All",
    "district": "District",
    "twin": "Every figure behind this exhibit stands in the district tables of this packet.",
    "summary_label": "Offered as a summary of published counts (Federal Rule of Evidence 1006)",
    "aid_label": "Illustrative aid, not evidence (Federal Rule of Evidence 107)",
    "label_note": (
        "A hearing is not a trial, and rules of evidence may not apply. The label says how each exhibit is meant."
    ),
    "tables": "District tables",
    "table_title": "{plan}: {group}",
    "table_caption": "Counted: {long} (definition {name}). Base: {base}. Placed by {rule}. Uncertainty: {kinds}.",
    "ladder": "{plan}: the ladder of definitions",
    "ladder_caption": (
        "Share of the {base}, by district, under each definition that the source counts. "
        "Another number for the same district is most often another definition."
    ),
    "ladder_missing": "The source does not count: {names}.",
    "ladder_one": "The ladder of definitions has one step: the source counts {name} and no other combined group.",
    "ladder_none": "The source counts no combined group, so there is no ladder of definitions.",
    "notes_before": "The notes under the table before apply here too.",
    "changes": "What changes between the plans",
    "communities": "What the plans do to communities",
    "measures": "Measures of the plans",
    "measures_caption": "They describe the plans and are never a verdict. No baseline was computed.",
    "rows": "The first {shown} of {total} rows are shown; the files of this packet have all of them.",
    "sure": "What we measured and how sure we are",
    "under": "{plan}: {statement}",
    "key_line": "{words}: {count}",
    "checked": "Statements that were checked",
    "carried": "The figures carry it",
    "weaker": "Printed in a weaker form that is true",
    "statement": "Statement",
    "status": "What was found",
    "why": "Why",
    "left_out": "What we did not claim",
    "challenged": "How this could be challenged, and our answer",
    "challenge": "Challenge",
    "answer": "Answer",
    "law": "The law is moving.",
    "law_answer": (
        "In Louisiana v. Callais (April 29, 2026) the Supreme Court of the United States narrowed Section 2 of the "
        "Voting Rights Act. State voting-rights acts and the criteria of this body are separate. This packet describes "
        "who lives where and what lines do to communities; it does not say that any plan breaks any law, and calls no "
        "district an opportunity district. It is not legal advice; confirm with counsel."
    ),
    "sources": "Methods and sources",
    "source": "Source",
    "hash": "SHA-256 begins",
    "no_hash": "not one file",
    "uncertainty": "Uncertainty",
    "terms": "Terms: {license}.",
    "hash_note": (
        "The first twelve characters of each file's SHA-256 stand here: the same file has the same characters. "
        "The lists beside the exhibits give them whole."
    ),
    "methods": "How the figures were made",
    "rounding": "Figures are rounded for display; parts need not add up to the whole.",
    "data": "Where the data are",
    "data_note": (
        "The exhibits that are labeled as summaries rest on counts and lines that others can get: the sources above "
        "say where, and the files below go with this packet. Anyone who was given it may ask for them: {contact}."
    ),
    "files": "Files that go with this packet",
    "file": "File",
    "what": "What it is",
    "glossary": "Words in this packet",
    "term": "Word",
    "meaning": "Meaning",
    "contact": "Contact",
    "criteria": "The criteria of the {body}, in order of rank",
    "definition": "Another definition gives another number.",
    "definition_answer": (
        "We say which we use: {long} (definition {name}). The ladder of definitions shows the others for every "
        "district, where the source counts them."
    ),
    "vintage": "The counts are old.",
    "vintage_answer": (
        "They are of {years}; every table says so. People who came or left since are in no figure here."
    ),
    "exact": "The counts are not exact.",
    "exact_answer": "True of every count: {kinds}. No statement here is stronger than that allows.",
    "placing": "People were put in the wrong district.",
    "placing_answer": "Every unit is in one district, and the sums were checked to the person. {told}.",
    "placed": "{plan}: {count} {plural} placed by {rule}, {cut} of them cut by a line",
    "parts": "The districts are not connected, or not equal.",
    "parts_answer": "{told}. These measures describe the plans; no baseline was computed and they are no verdict.",
    "parts_of": "{plan}: {number} districts in several parts",
    "baseline": "A community like this is always split.",
    "baseline_answer": (
        "No baseline was computed: how often plans drawn without regard to it would split it is not known. "
        "We say what these plans do, district by district."
    ),
}
"""Key → words; braces are filled in when they are printed."""

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
"""Names of months, for dates."""


def say(key: str, **given: object) -> str:
    """Give words of the packet.

    Parameters
    ----------
    key : str
        One of `WORDS`.
    **given : object
        What stands in the braces.

    Returns
    -------
    str
        As they are printed.

    Examples
    --------
    >>> say("exhibit", number="A")
    'Exhibit A'
    """
    return WORDS[key].format(**given)
