"""One two-page ledger through our processes against a bare WeasyPrint that draws PDF/A too, in one run, as a ratio."""

import time
from collections.abc import Callable

import pytest

from core import pdf
from core.pdf import fonts, renderer

ROUNDS = 7
CSS = """
@page { size: A4; margin: 37mm 26mm 35mm 28mm; @bottom-center { content: counter(page) } }
body { font: 12pt/1.5 仿宋_GB2312; } h1 { font: 22pt 方正小标宋简体; text-align: center }
table { width: 100%; table-layout: fixed; border-collapse: separate; border-spacing: 0 }
td, th { border: .5pt solid #000; padding: 2pt 4pt } thead { display: table-header-group }
"""
ROW = "<tr><td>{0}</td><td>严格组织生活，落实“三会一课”制度</td><td>3.50</td><td>3.50</td><td>街道审核同意</td></tr>"
HEAD = "<tr><th>序号</th><th>任务</th><th>自评分</th><th>认定分</th><th>意见</th></tr>"


def ledger() -> str:
    rows = "".join(ROW.format(number) for number in range(1, 30))
    return (
        f"<html lang='zh-CN'><h1>社区月度考评台账</h1><table><thead>{HEAD}</thead><tbody>{rows}</tbody></table></html>"
    )


def seconds(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


@pytest.mark.benchmark
def test_a_warm_ledger_costs_what_the_library_costs(monkeypatch, record_property):
    monkeypatch.setenv("FONTCONFIG_FILE", str(fonts.write_config()))
    import weasyprint

    page = ledger()
    drawn = [pdf.render(page, css=CSS)]

    def own() -> None:
        drawn.append(pdf.render(page, css=CSS))

    def bare() -> None:
        weasyprint.HTML(string=page).write_pdf(stylesheets=[weasyprint.CSS(string=CSS)], **renderer.OPTIONS)

    bare()
    pairs = [(seconds(own), seconds(bare)) for _ in range(ROUNDS)]
    fastest_own, fastest_bare = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    in_bulk = seconds(lambda: list(pdf.render_many([(number, page) for number in range(12)], css=CSS))) / 12
    record_property("own_ms", round(fastest_own * 1000))
    record_property("ratio", round(fastest_own / fastest_bare, 2))
    record_property("in_bulk", round(in_bulk / fastest_own, 2))
    assert set(drawn) == {drawn[0]}
    assert fastest_own <= 1.1 * fastest_bare
