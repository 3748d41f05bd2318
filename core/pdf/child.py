"""What runs in the drawing processes. Loaded once by the fork server, so that a new process costs a fork only.

Nothing here may import Django: the process holds no database and no settings.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import resource
import signal
import threading
import zlib
from datetime import UTC, datetime
from importlib.metadata import version
from multiprocessing import connection, parent_process
from typing import Any

from core.pdf.answer import Attachment, Document, Refusal

try:
    import pydyf
    import weasyprint
    from weasyprint.css.counters import CounterStyle
    from weasyprint.text.ffi import pango
    from weasyprint.urls import FatalURLFetchingError, URLFetcher
except (ImportError, OSError) as error:
    IMPORT_ERROR = f"{type(error).__name__}: {error}"
else:
    IMPORT_ERROR = ""
gc.collect()
gc.freeze()

NOWHERE = "denied:///"
KEPT_ENVIRONMENT = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ"}
PACKAGES = ("weasyprint", "pydyf", "fonttools", "tinycss2", "tinyhtml5", "pyphen")


class TooSlow(BaseException):
    """The document took longer than it may; a BaseException, so that the library does not swallow it."""


def prepare(fonts_conf: str, memory: int) -> None:
    """First thing in a new process: no keys of the portal, our fonts, a memory limit, no life after the parent's."""
    for name in set(os.environ) - KEPT_ENVIRONMENT:
        del os.environ[name]
    os.environ["FONTCONFIG_FILE"] = fonts_conf
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


class Complaints(logging.Handler):
    """Keeps what the library only logs: a picture that vanished is no document."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(record.getMessage())


def draw(asked: Document, css: str, options: dict[str, Any], seconds: int) -> bytes | Refusal:
    """One document; every refusal is a value, because exceptions of the libraries do not all survive the pipe."""
    if IMPORT_ERROR:
        return Refusal("unavailable", IMPORT_ERROR)
    denied: list[str] = []
    complaints = Complaints()
    logging.getLogger("weasyprint").addHandler(complaints)
    signal.signal(signal.SIGALRM, _too_slow)
    # Again every second: the library swallows whatever is raised inside a picture.
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        drawn = _draw(asked, css, options, denied)
    except FatalURLFetchingError as error:
        return Refusal("denied", str(error))
    except TooSlow:
        return Refusal("too_slow", f"{seconds} s")
    except MemoryError:
        return Refusal("too_big", "")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        logging.getLogger("weasyprint").removeHandler(complaints)
    if denied:
        return Refusal("denied", "; ".join(denied))
    return Refusal("faulty", "; ".join(complaints.found)) if complaints.found else drawn


def _too_slow(*_: Any) -> None:
    raise TooSlow


def _draw(asked: Document, css: str, options: dict[str, Any], denied: list[str]) -> bytes:
    fetcher = _deny_everything(denied)
    source = weasyprint.HTML(string=asked.html, base_url=NOWHERE, url_fetcher=fetcher)
    if not source.etree_element.get("lang"):
        source.etree_element.set("lang", "zh-CN")
    counters = CounterStyle()
    sheet = weasyprint.CSS(string=css, base_url=NOWHERE, url_fetcher=fetcher, counter_style=counters)
    document = source.render(stylesheets=[sheet], counter_style=counters, **options)
    if asked.title:
        document.metadata.title = asked.title
    if asked.at:
        document.metadata.created = document.metadata.modified = f"{asked.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    attached = [_attachment(one, fetcher) for one in asked.attachments]
    return document.write_pdf(finisher=_finish, attachments=attached, **options)


def _attachment(asked: Attachment, fetcher: Any) -> Any:
    """The library writes dates as if they were UTC and would take the present moment."""
    at: datetime = asked.at.astimezone(UTC)
    return weasyprint.Attachment(
        string=asked.content,
        url_fetcher=fetcher,
        name=asked.name,
        description=asked.description,
        created=at,
        modified=at,
        relationship="Data",
    )


def _finish(_document: Any, file: Any) -> None:
    """The title in the window's head; each attachment once among the associated files."""
    file.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
    if "AF" in file.catalog:
        file.catalog["AF"] = pydyf.Array(dict.fromkeys(file.catalog["AF"]))


def _deny_everything(denied: list[str]) -> Any:
    class Deny(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            denied.append(url[:200])
            raise FatalURLFetchingError(f"not allowed: {url[:200]}")

    return Deny()


def environment() -> list[str] | Refusal:
    """Versions of everything that decides about the bytes."""
    if IMPORT_ERROR:
        return Refusal("unavailable", IMPORT_ERROR)
    return [
        *(f"{name} {version(name)}" for name in PACKAGES),
        f"pango {pango.pango_version()}",
        f"harfbuzz {_harfbuzz('libharfbuzz.so.0')}",
        f"harfbuzz-subset {_harfbuzz('libharfbuzz-subset.so.0')}",
        f"zlib {zlib.ZLIB_RUNTIME_VERSION}",
    ]


def _harfbuzz(name: str) -> str:
    try:
        library = ctypes.CDLL(name)
    except OSError:
        return "none"
    library.hb_version_string.restype = ctypes.c_char_p
    return library.hb_version_string().decode()
