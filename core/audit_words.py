"""Words for people on the audit page: each app names its acts in `AppConfig.ready`, models name themselves."""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps

_acts: dict[str, str] = {}

CORE = {
    "core.cancel_job": "取消后台任务",
    "core.cancel_jobs": "取消一批后台任务",
    "core.change_password": "修改密码",
    "core.enqueue_job": "提交后台任务",
    "core.enqueue_jobs": "提交一批后台任务",
    "core.seed_calendar": "补入节假日",
    "core.set_special_day": "登记节假日和调休",
}


def register(words: Mapping[str, str]) -> None:
    """Name acts: {"scoring.submit": "报送"}."""
    _acts.update(words)


def act_word(verb: str) -> str:
    """The act in words; one that nobody named stays as it is."""
    return _acts.get(verb, verb)


def type_word(label: str) -> str:
    """A kind of object in words: scoring.publication → 公布."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


def acts_named(text: str) -> list[str]:
    """The verbs whose words contain the text."""
    return [verb for verb, word in _acts.items() if text in word]


def types_named(text: str) -> list[str]:
    """The kinds of objects whose words contain the text."""
    return [model._meta.label_lower for model in apps.get_models() if text in str(model._meta.verbose_name)]
