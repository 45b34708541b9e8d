"""Whatever the kit says while it works is a message of its catalogues, or belongs to the data."""

from __future__ import annotations

import dataclasses

import pytest

import kit
from kit.catalogue import collect_messages
from kit.demo import run_demo
from kit.hearing import build_hearing
from kit.hearing_new import Answers, new_hearing
from kit.i18n import catalogues
from kit.samples import SAMPLES

pytestmark = pytest.mark.slow

WORDLESS = {"{text:capital}"}


def of_the_data():
    """Give the words that samples bring along: titles, names and notes, which no catalogue can list."""
    found = set(WORDLESS)
    for name in SAMPLES:
        sample = kit.load_sample(name)
        found.add(f"example communities of the sample {name}, hand-drawn")
        frames = [sample.units, *sample.plans.values()]
        for frame in frames:
            found |= set(frame.notes)
            for source in frame.sources:
                found |= {value for value in dataclasses.asdict(source).values() if isinstance(value, str)}
        found |= {plan.name for plan in sample.plans.values()}
    return found


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """List what is said, and not translated, while maps, exhibits and a packet are made in Vietnamese."""
    folder, every = tmp_path_factory.mktemp("said"), {}
    real = catalogues.translation

    def noted(template, code):
        every[template] = real(template, code)
        return every[template]

    with pytest.MonkeyPatch.context() as patch, kit.using(language="vi"):
        patch.setattr(catalogues, "translation", noted)
        run_demo(folder / "demo")
        hearing = new_hearing(folder / "hearing", Answers())
        text = hearing.read_text(encoding="utf-8")
        hearing.write_text(text.replace('languages = ["en"]', 'languages = ["vi"]'), encoding="utf-8")
        build_hearing(hearing)
    return set(every)


def test_whatever_is_said_is_listed(said):
    listed = {found.english for found in collect_messages()}
    plain = {words.replace("{{", "{").replace("}}", "}") for words in said}
    assert sorted(plain - listed - of_the_data()) == []


def test_much_was_said(said):
    assert len(said) > 150
