"""What libraries say is Chinese here: django-filter's own stands where Django does not look, Django's has gaps."""

from __future__ import annotations

import gettext
import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as translated
from django_filters import widgets

from tests.architecture.ground import ROOT

FOLDER = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"


def written() -> dict[str, str]:
    text = (FOLDER / "django.po").read_text("utf-8")
    return dict(re.findall(r'(?m)^msgid "(.+)"\nmsgstr "(.+)"$', text))


def test_the_compiled_words_are_those_written() -> None:
    with (FOLDER / "django.mo").open("rb") as compiled:
        found = gettext.GNUTranslations(compiled)
    assert len(written()) == 45
    assert {word: found.gettext(word) for word in written()} == written()


def test_django_uses_them() -> None:
    assert [translated(word) for word in ("Yes", "No", "is greater than")] == ["是", "否", "大于"]


def test_a_filter_of_yes_and_no_is_chinese() -> None:
    assert [str(label) for _value, label in widgets.BooleanWidget().choices] == ["不限", "是", "否"]


def test_a_refused_password_is_refused_in_chinese() -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password("1234567")
    assert [message for message in refused.value.messages if re.search("[A-Za-z]", message)] == []
    assert "密码太短，至少 10 个字符。" in refused.value.messages
