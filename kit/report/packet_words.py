"""Every word that a packet prints by itself, in one table, so that a translation can follow it."""

from __future__ import annotations

from kit.i18n.messages import Message, mark, say

WORDS = {
    "title": mark("Testimony to the {body}"),
    "of": mark("Testimony of {speaker}"),
    "about": mark("On the districts of {jurisdiction}"),
    "when": mark("{date}, {place}"),
    "made": mark("This packet was made on {date}."),
    "ask": mark("What we ask"),
    "contents": mark("In this packet"),
    "skip": mark("Skip to the text"),
    "page": mark("page {number} of {total}"),
    "legal": mark("Not legal advice; confirm with counsel."),
    "script": mark("What will be said"),
    "leave_behind": mark("The page to keep"),
    "exhibits": mark("Exhibits"),
    "exhibit": mark("Exhibit {number}"),
    "locator": mark("Locator map. {place}."),
    "labelled": mark("{label}. {where}"),
    "shows": mark("What the map shows"),
    "many_show": mark("What the maps show"),
    "chart_shows": mark("What the chart shows"),
    "charts_show": mark("What the charts show"),
    "title_checked": mark("The title was checked against {figures}: {reason}"),
    "how_made": mark("How it was made"),
    "sources_short": mark("Sources: {sources}. Uncertainty: {kinds}."),
    "more_made": mark("Files, hashes and method stand under “{chapter}”."),
    "how_all_made": mark("How the exhibits were made"),
    "as_before": mark("Further as for exhibit {number}."),
    "colour": mark("Color"),
    "share": mark("Share"),
    "all": mark("All"),
    "district": mark("District"),
    "twin": mark("Every figure behind this exhibit stands in the district tables of this packet."),
    "twin_after": mark("The figures behind this exhibit stand under “{chapter}”."),
    "exhibit_tables": mark("Tables of the exhibits"),
    "summary_label": mark("Offered as a summary of published counts (Federal Rule of Evidence 1006)"),
    "aid_label": mark("Illustrative aid, not evidence (Federal Rule of Evidence 107)"),
    "label_note": mark(
        "A hearing is not a trial, and rules of evidence may not apply. The label says how each exhibit is meant."
    ),
    "tables": mark("District tables"),
    "table_title": mark("{plan}: {group}"),
    "table_caption": mark("Counted: {long} (definition {name}). Base: {base}. Placed by {rule}. Uncertainty: {kinds}."),
    "ladder": mark("{plan}: the ladder of definitions"),
    "ladder_caption": mark(
        "Share of the {base}, by district, under each definition that the source counts. "
        "Another number for the same district is most often another definition."
    ),
    "ladder_step": mark("{name}: {long}."),
    "ladder_missing": mark("The source does not count: {names}."),
    "ladder_one": mark("The ladder of definitions has one step: the source counts {name} and no other combined group."),
    "ladder_none": mark("The source counts no combined group, so there is no ladder of definitions."),
    "label": mark("{name:capital}: {text}."),
    "label_stopped": mark("{name:capital}: {text}"),
    "notes_before": mark("The notes under the table before apply here too."),
    "changes": mark("What changes between the plans"),
    "communities": mark("What the plans do to communities"),
    "measures": mark("Measures of the plans"),
    "measures_caption": mark("They describe the plans and are never a verdict. No baseline was computed."),
    "rows": mark("The first {shown} of {total:,} rows are shown; the files of this packet have all of them."),
    "sure": mark("What we measured and how sure we are"),
    "under": mark("{plan}: {statement}"),
    "key_line": mark("{words}: {count}"),
    "checked": mark("Statements that were checked"),
    "carried": mark("The figures carry it"),
    "weaker": mark("Printed in a weaker form that is true"),
    "statement": mark("Statement"),
    "status": mark("What was found"),
    "why": mark("Why"),
    "left_out": mark("What we did not claim"),
    "challenged": mark("How this could be challenged, and our answer"),
    "challenge": mark("Challenge"),
    "answer": mark("Answer"),
    "law": mark("The law is moving."),
    "law_answer": mark(
        "In Louisiana v. Callais (April 29, 2026) the Supreme Court of the United States narrowed Section 2 of the "
        "Voting Rights Act. State voting-rights acts and the criteria of this body are separate. This packet describes "
        "who lives where and what lines do to communities; it does not say that any plan breaks any law, and calls no "
        "district an opportunity district. It is not legal advice; confirm with counsel."
    ),
    "sources": mark("Methods and sources"),
    "source": mark("Source"),
    "hash": mark("SHA-256 begins"),
    "no_hash": mark("not one file"),
    "uncertainty": mark("Uncertainty"),
    "terms": mark("Terms: {license}."),
    "hash_note": mark(
        "The first twelve characters of each file's SHA-256 stand here: the same file has the same characters. "
        "The lists beside the exhibits give them whole."
    ),
    "methods": mark("How the figures were made"),
    "rounding": mark("Figures are rounded for display; parts need not add up to the whole."),
    "data": mark("Where the data are"),
    "data_note": mark(
        "The exhibits that are labeled as summaries rest on counts and lines that others can get: the sources above "
        "say where, and the files below go with this packet. Anyone who was given it may ask for them: {contact}."
    ),
    "files": mark("Files that go with this packet"),
    "file": mark("File"),
    "what": mark("What it is"),
    "glossary": mark("Words in this packet"),
    "term": mark("Word"),
    "meaning": mark("Meaning"),
    "contact": mark("Contact"),
    "criteria": mark("The criteria of the {body}, in order of rank"),
    "definition": mark("Another definition gives another number."),
    "definition_answer": mark(
        "We say which we use: {long} (definition {name}). The ladder of definitions shows the others for every "
        "district, where the source counts them."
    ),
    "vintage": mark("The counts are old."),
    "vintage_answer": mark(
        "They are of {years}; every table says so. People who came or left since are in no figure here."
    ),
    "exact": mark("The counts are not exact."),
    "exact_answer": mark("True of every count: {kinds}. No statement here is stronger than that allows."),
    "placing": mark("People were put in the wrong district."),
    "placing_answer": mark("Every unit is in one district, and the sums were checked to the person. {told}."),
    "placed": mark("{plan}: {count:,} {plural} placed by {rule}, {cut:,} of them cut by a line"),
    "parts": mark("The districts are not connected, or not equal."),
    "parts_answer": mark(
        "{told}. These measures describe the plans; no baseline was computed and they are no verdict."
    ),
    "parts_of": mark("{plan}: {number} districts in several parts"),
    "baseline": mark("A community like this is always split."),
    "baseline_answer": mark(
        "No baseline was computed: how often plans drawn without regard to it would split it is not known. "
        "We say what these plans do, district by district."
    ),
}
"""Key → words; braces are filled in when they are printed."""


_ADVICE = " Pass complete=True if they are."
READERS = {
    f"{told}{_ADVICE}": told
    for told in (
        mark(
            "District {districts} holds none of these units, which may not be the whole jurisdiction, so the ideal "
            "population is not known and no deviation was computed."
        ),
        mark(
            "Districts {districts} hold none of these units, which may not be the whole jurisdiction, so the ideal "
            "population is not known and no deviation was computed."
        ),
        mark(
            "These units may not be the whole jurisdiction, so the ideal population is not known and no deviation was "
            "computed."
        ),
    )
}
"""Notes that advise whoever writes code → the same for a reader of the packet."""
LABELS = {
    "plan": mark("plan"),
    "before": mark("before"),
    "after": mark("after"),
    "definition": mark("definition"),
    "counted": mark("counted"),
    "universe": mark("universe"),
    "placement": mark("placement"),
    "method": mark("method"),
    "projection": mark("projection"),
}
"""What the labels of a result are called, in the middle of a sentence."""


def worded(key: str, /, **given: object) -> Message:
    """Give words of the packet, in the language in force.

    Parameters
    ----------
    key : str
        One of `WORDS`.
    **given : object
        What stands in the braces.

    Returns
    -------
    Message
        As they are printed.

    Examples
    --------
    >>> worded("exhibit", number="A")
    'Exhibit A'
    """
    return say(WORDS[key], **given)
