"""Every word that a paper form prints by itself, in one table, so that a translation can follow it."""

from __future__ import annotations

from kit.i18n.messages import Message, mark, say

WORDS = {
    "title": mark("Tell us about your community"),
    "number": mark("Form number"),
    "code": mark("Map code"),
    "page": mark("page {number} of {total}"),
    "intro": mark(
        "Lines of districts are drawn with answers such as yours in mind. Write with a dark pen, in any language. "
        "Leave empty what you do not want to answer."
    ),
    "no_names": mark(
        "Do not write names, addresses or telephone numbers of people on these pages; the last sheet is for them."
    ),
    "collector": mark("This form is collected by {collector}."),
    "return": mark("Bring or send it to: {place}."),
    "consent": mark("Tick one box. If none is ticked, or several are, only those who collect will see it."),
    "private": mark("Only those who collect"),
    "private_hint": mark("It is kept, and shown to nobody else."),
    "commission": mark("The body that holds the hearing"),
    "commission_hint": mark("What a public body is given may become public."),
    "public": mark("Everyone"),
    "public_hint": mark("It may be printed, drawn on maps and published, in the words that you write."),
    "advice": mark("What to leave out"),
    "advice_lead": mark("The rules of the {body} say:"),
    "advice_after": mark("Nothing that you write is deleted. Somebody may ask you to say it in other words."),
    "shared": mark("What residents share"),
    "asks": mark("What it asks for"),
    "where": mark("Where it is"),
    "streets": mark("Streets, rivers or other lines around it:"),
    "map": mark("Draw the line around your community"),
    "map_of": mark("Draw the line around your community: map {number} of {total}"),
    "draw": mark("Draw one closed line with a dark pen. A number inside the line belongs to the community."),
    "draw_many": mark("Use every map that your community lies on, and draw on from map to map."),
    "source": mark("Drawn from: {sources}"),
    "contact": mark("How to reach you"),
    "contact_apart": mark(
        "Keep this sheet apart from the form. It goes into a file of its own, which no map, table, packet or export "
        "reads."
    ),
    "contact_free": mark("You may leave this sheet out; the form counts without it."),
    "contact_name": mark("Your name"),
    "contact_email": mark("E-mail"),
    "contact_phone": mark("Telephone"),
    "contact_address": mark("Address"),
    "contact_note": mark("When and in which language to reach you"),
    "typing": mark("For those who type the forms"),
    "type_words": mark("One row of the sheet is one form. Type the words as they are written, in their own letters."),
    "type_codes": mark("The code before each question, such as 5a, stands over the column of its answer."),
    "type_unread": mark("Type ? for an answer that cannot be read, and [?] for a word."),
    "type_numbers": mark("Type the numbers that stand inside the line, and the code of the map."),
    "type_consent": mark("Type 1a, 1b or 1c for the box that is ticked; leave it empty if none is, or several are."),
    "type_contact": mark("Never type the last sheet with the others: it goes into the contact file only."),
    "type_twice": mark("Two people type each form, neither seeing what the other typed, and then compare."),
    "key": mark("Key of the map"),
    "key_number": mark("Number"),
    "key_id": mark("GEOID"),
    "key_square": mark("Square"),
    "key_name": mark("Name"),
}
"""Key → words; braces are filled in when they are printed."""


def worded(key: str, /, **given: object) -> Message:
    """Give words of the form, in the language in force.

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
    >>> worded("return", place="the library")
    'Bring or send it to: the library.'
    """
    return say(WORDS[key], **given)
