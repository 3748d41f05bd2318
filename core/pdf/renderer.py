"""The near side of drawing: a small pool of child processes, rebuilt when one of them dies."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from functools import lru_cache
from multiprocessing import forkserver
from typing import Any, TypeVar

from django.conf import settings

from core.canonical import digest
from core.errors import PortalError
from core.pdf import answer, fonts
from core.pdf.answer import Attachment, Document

log = logging.getLogger(__name__)
Key = TypeVar("Key", bound=Hashable)

PROCESSES = min(2, os.cpu_count() or 1)
WINDOW = 2 * PROCESSES
SECONDS_A_DOCUMENT = 60
MEMORY_A_PROCESS = 1536 * 1024 * 1024
DOCUMENTS_A_POOL = 200
# Every print is kept for years: fonts inside, colours defined, files attached (ISO 19005-3).
OPTIONS = {"pdf_variant": "pdf/a-3b"}

MESSAGES = {
    "denied": "文书模板引用了不允许的外部资源，已停止绘制。",
    "faulty": "文书里有无法绘制的图形，已停止绘制。",
    "too_slow": f"绘制超过 {SECONDS_A_DOCUMENT} 秒，已停止。请减少一次打印的内容。",
    "too_big": "文书过大，超出绘制内存限制。请减少一次打印的内容。",
    "broken": "绘制进程意外退出，文书未生成。请稍后重试。",
}


class PdfError(PortalError):
    """This document could not be drawn."""

    status = 500


class PdfUnavailable(PdfError):
    """No document can be drawn on this machine."""

    status = 503


class _Pool:
    """An executor and how much it has done; replaced after DOCUMENTS_A_POOL, which bounds what leaks."""

    def __init__(self) -> None:
        _start_fork_server()
        self.executor = ProcessPoolExecutor(
            PROCESSES,
            mp_context=multiprocessing.get_context("forkserver"),
            initializer=answer.prepare,
            initargs=(str(fonts.write_config()), MEMORY_A_PROCESS),
        )
        self.submitted = 0


_lock = threading.Lock()
_current: _Pool | None = None


def _start_fork_server() -> None:
    """Load the drawing library once, before any process is forked from it.

    The fork server ignores the caller's sys.path on Python 3.11, so the path goes by environment.
    """
    multiprocessing.get_context("forkserver").set_forkserver_preload(["core.pdf.child"])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(settings.BASE_DIR), before]))
    try:
        forkserver.ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


def _forget_after_fork() -> None:
    """A forked worker draws with processes of its own: the pool it inherited has no threads there."""
    global _current, _lock
    _current, _lock = None, threading.Lock()


os.register_at_fork(after_in_child=_forget_after_fork)


def _submit(function: Any, *arguments: Any) -> tuple[_Pool, Future[Any]]:
    global _current
    with _lock:
        if _current is not None and _current.submitted >= DOCUMENTS_A_POOL:
            _current.executor.shutdown(wait=False)
            _current = None
        pool = _current = _current or _Pool()
        pool.submitted += 1
        try:
            return pool, pool.executor.submit(function, *arguments)
        except BrokenProcessPool:
            pool = _current = _Pool()
            return pool, pool.executor.submit(function, *arguments)


def _discard(pool: _Pool) -> None:
    """Drop a pool with all its processes; the next document gets a new one."""
    global _current
    with _lock:
        if _current is pool:
            _current = None
    for process in list((pool.executor._processes or {}).values()):
        process.kill()
    pool.executor.shutdown(wait=False, cancel_futures=True)


def shut_down() -> None:
    """End the drawing processes (tests, end of a worker)."""
    if _current is not None:
        _discard(_current)


def _answer(submitted: tuple[_Pool, Future[Any]]) -> Any:
    pool, future = submitted
    try:
        return future.result(timeout=SECONDS_A_DOCUMENT * WINDOW + 30)
    except BrokenProcessPool as error:
        _discard(pool)
        return answer.Refusal("broken", str(error))
    except TimeoutError:
        _discard(pool)
        return answer.Refusal("too_slow", "no answer at all")


def _checked(drawn: Any) -> Any:
    if not isinstance(drawn, answer.Refusal):
        return drawn
    log.error("PDF not drawn: %s %s", drawn.code, drawn.detail)
    if drawn.code == "unavailable":
        raise PdfUnavailable("本机缺少 PDF 绘制组件（Pango），请系统管理员安装 libpango-1.0-0 和 libpangoft2-1.0-0。")
    raise PdfError(MESSAGES[drawn.code])


def _arguments(document: Document, css: str, options: dict[str, Any] | None) -> tuple[Any, ...]:
    return (document, css, {**OPTIONS, **(options or {})}, SECONDS_A_DOCUMENT)


def render(
    html: str,
    *,
    title: str = "",
    css: str = "",
    options: dict[str, Any] | None = None,
    attachments: Iterable[Attachment] = (),
    at: datetime | None = None,
) -> bytes:
    """One document as PDF/A-3b bytes; the same input gives the same bytes. Raises PdfError with a Chinese sentence.

    `title` replaces the document's own <title>; `css` is the only style sheet besides the document's own <style>;
    `options` are WeasyPrint's, beside OPTIONS; `attachments` are files inside it, `at` is its date of making (none when
    left out). Nothing is fetched: images are inline SVG.
    """
    return _render(Document(html, title, tuple(attachments), at), css, options)


def _render(document: Document, css: str, options: dict[str, Any] | None) -> bytes:
    arguments = _arguments(document, css, options)
    drawn = _answer(_submit(answer.draw, *arguments))
    if isinstance(drawn, answer.Refusal) and drawn.code == "broken":
        drawn = _answer(_submit(answer.draw, *arguments))
    return _checked(drawn)


def render_many(
    documents: Iterable[tuple[Key, str | Document]], *, css: str = "", options: dict[str, Any] | None = None
) -> Iterator[tuple[Key, bytes | PdfError]]:
    """Many documents (HTML, or a Document) in their order on all processes, a few in flight: `(key, bytes)` or
    `(key, error)` for each.

    `documents` may be a generator: it is read as the drawing goes on. A document that kills its process takes the
    neighbours in flight down with it; each of them is tried once more alone.
    """
    flying: deque[tuple[Key, Document, tuple[_Pool, Future[Any]]]] = deque()
    for key, given in documents:
        document = Document(given) if isinstance(given, str) else given
        flying.append((key, document, _submit(answer.draw, *_arguments(document, css, options))))
        if len(flying) >= WINDOW:
            yield _landed(*flying.popleft(), css=css, options=options)
    while flying:
        yield _landed(*flying.popleft(), css=css, options=options)


def _landed(
    key: Key, document: Document, submitted: tuple[_Pool, Future[Any]], *, css: str, options: dict[str, Any] | None
) -> tuple[Key, bytes | PdfError]:
    try:
        drawn = _answer(submitted)
        if isinstance(drawn, answer.Refusal) and drawn.code == "broken":
            return key, _render(document, css, options)
        return key, _checked(drawn)
    except PdfError as error:
        return key, error


@lru_cache(maxsize=4)
def _environment(config: str, digests: tuple[str, ...]) -> str:
    versions = _checked(_answer(_submit(answer.environment)))
    return digest({"schema": 1, "versions": versions, "fonts": list(digests), "config": config})


def render_environment() -> str:
    """Digest of everything that decides about the bytes besides the document: libraries, fonts, stand-ins."""
    return _environment(repr(sorted(fonts.STAND_INS.items())), fonts.font_digests())
