"""The sample files that ship with the portal, plainly marked as samples."""

from django.conf import settings


def sample_rubrics() -> str:
    return _read("sample-rubrics.yaml")


def sample_programme() -> str:
    return _read("sample-programme.yaml")


def _read(name: str) -> str:
    return (settings.BASE_DIR / "data" / name).read_text(encoding="utf-8")
