"""Typed text and typed points against everything people and attackers type."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.text import check_private, clean_text, mask_private, parse_points, privacy_findings, required_text

FULL = Decimal("4.00")


@pytest.mark.parametrize(
    ("raw", "points"),
    [
        ("2", "2.00"),
        ("2.5", "2.50"),
        ("2.50", "2.50"),
        ("0", "0.00"),
        ("0.01", "0.01"),
        ("4", "4.00"),
        ("4.00", "4.00"),
        ("02", "2.00"),
        (" 2\t", "2.00"),
        ("\u30002\u3000", "2.00"),
        ("２", "2.00"),
        ("２．５", "2.50"),
    ],
)
def test_points_that_are_understood(raw, points):
    assert str(parse_points(raw, full=FULL)) == points


NUMBER = "请填写数字，最多两位小数，例如 2 或 2.5。"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("-0.01", "分值不能小于 0。"),
        ("−0.01", "分值不能小于 0。"),
        ("－1", "分值不能小于 0。"),
        ("4.01", "分值不能超过满分 4 分。"),
        ("１２", "分值不能超过满分 4 分。"),
        ("99999999", "分值不能超过满分。"),
        ("1e309", f"“1e309”不是分值。{NUMBER}"),
        ("1e0", f"“1e0”不是分值。{NUMBER}"),
        ("NaN", f"“NaN”不是分值。{NUMBER}"),
        ("inf", f"“inf”不是分值。{NUMBER}"),
        ("1_0", f"“1_0”不是分值。{NUMBER}"),
        ("0x10", f"“0x10”不是分值。{NUMBER}"),
        ("+2", f"“+2”不是分值。{NUMBER}"),
        (".5", f"“.5”不是分值。{NUMBER}"),
        ("2.", f"“2.”不是分值。{NUMBER}"),
        ("1.2.3", f"“1.2.3”不是分值。{NUMBER}"),
        ("2 5", f"“2 5”不是分值。{NUMBER}"),
        ("一", f"“一”不是分值。{NUMBER}"),
        ("٣", f"“٣”不是分值。{NUMBER}"),
        ("²", f"“²”不是分值。{NUMBER}"),
        ("½", f"“½”不是分值。{NUMBER}"),
        ("4,5", f"“4,5”不是分值。{NUMBER}"),
        ("4，5", f"“4，5”不是分值。{NUMBER}"),
        ("1\x00", f"“1”不是分值。{NUMBER}"),
        ("1\u200b", f"“1”不是分值。{NUMBER}"),
        ("\u202e1", f"“1”不是分值。{NUMBER}"),
        ("\ud800", f"“”不是分值。{NUMBER}"),
        ("{{7*7}}", f"“{{{{7*7}}}}”不是分值。{NUMBER}"),
        ("=1+1", f"“=1+1”不是分值。{NUMBER}"),
        ("null", f"“null”不是分值。{NUMBER}"),
        ("4.5分", "只填数字，不要写“分”字。"),
        ("85%", "请填写分值，不要填百分比。"),
        ("８５％", "请填写分值，不要填百分比。"),
        ("2.505", "分值最多两位小数。"),
        ("2.00000000000000000000", "分值最多两位小数。"),
        ("0." + "1" * 20, "分值最多两位小数。"),
        ("1" * 400, f"分值过长。{NUMBER}"),
        ("1" * 1_000_000, f"分值过长。{NUMBER}"),
        ("", "请填写分值。"),
        ("   ", "请填写分值。"),
        ("\u3000\u3000", "请填写分值。"),
        (None, "请填写分值。"),
        ([], NUMBER),
        ({}, NUMBER),
        (True, NUMBER),
        (2, NUMBER),
        (2.5, NUMBER),
    ],
)
def test_points_that_are_refused_with_a_reason(raw, message):
    with pytest.raises(Invalid) as refusal:
        parse_points(raw, full=FULL)
    assert refusal.value.message == message


@given(st.text())
def test_points_are_exact_or_refused(raw):
    try:
        points = parse_points(raw, full=FULL)
    except Invalid:
        return
    assert 0 <= points <= FULL
    assert points.as_tuple().exponent == -2


@given(st.integers(0, 400))
def test_every_amount_within_full_is_understood(hundredths):
    points = Decimal(hundredths).scaleb(-2)
    assert parse_points(str(points), full=FULL) == points


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  府后社区 ", "府后社区"),
        ("\u3000\u3000", ""),
        ("e\u0301", "é"),
        ("零\u200b宽\ufeff", "零宽"),
        ("\u202e倒着写\u202c", "倒着写"),
        ("一行\r\n二行\r三行", "一行\n二行\n三行"),
        ("响\x07铃\x1b[0m", "响铃[0m"),
        ("{{7*7}}<script>", "{{7*7}}<script>"),
        ("䶮", "䶮"),
        ("①★㎡×÷％℃〇䶮", "①★㎡×÷％℃〇䶮"),
    ],
)
def test_text_is_cleaned(raw, cleaned):
    assert clean_text(raw, max_length=100) == cleaned


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("空\x00字", "理由里有无法识别的字符，请重新输入。"),
        ("\ud800", "理由里有无法识别的字符，请重新输入。"),
        ("\ue000", "理由里有无法识别的字符，请重新输入。"),
        ("长" * 11, "理由最多 10 字，现有 11 字。"),
        ("长" * 10_000, "理由最多 10 字。"),
        ("长" * 1_000_000, "理由最多 10 字。"),
        (None, "理由须是文字。"),
        (["x"], "理由须是文字。"),
    ],
)
def test_text_is_refused(raw, message):
    with pytest.raises(Invalid) as refusal:
        clean_text(raw, max_length=10, label="理由")
    assert refusal.value.message == message


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("好😀", "理由里的“😀”（U+1F600）打印字体中没有，请改用别的字，或请系统管理员装入含该字的字体。"),
        (
            "\U0002b740好\U0001f44d",
            "理由里的“\U0001f44d”（U+1F44D）、“\U0002b740”（U+2B740）打印字体中没有，请改用别的字，或请系统管理员装入含该字的字体。",
        ),
    ],
)
def test_what_no_font_can_print_is_refused_where_it_is_typed(raw, message):
    with pytest.raises(Invalid) as refusal:
        clean_text(raw, max_length=100, label="理由")
    assert refusal.value.message == message
    assert clean_text(raw, max_length=100, is_printed=False) == raw


def test_the_fonts_are_not_opened_for_every_text(monkeypatch, settings, tmp_path):
    from core.pdf import fonts

    clean_text("先看一次", max_length=100)
    looked = []
    monkeypatch.setattr(fonts, "readable_faces", lambda name: looked.append(name) or [])
    for number in range(50):
        clean_text(f"第{number}条说明", max_length=100)
    assert looked == []
    (tmp_path / "own.ttf").write_bytes(fonts.sans_path().read_bytes()[:100])
    settings.FONT_DIR = str(tmp_path)  # another folder is looked at once
    with pytest.raises(Invalid):
        clean_text("好", max_length=100)
    assert len(looked) == 3


def test_length_is_counted_after_cleaning():
    assert clean_text(" \u200b" * 6 + "正好十个字的理由一二", max_length=10) == "正好十个字的理由一二"


def test_single_line_joins_what_was_broken():
    assert clean_text("一 \n 二\t三", max_length=10, is_single_line=True) == "一 二 三"


def test_required_text_refuses_what_is_empty_after_cleaning():
    with pytest.raises(Invalid, match="请填写理由。"):
        required_text("\u200b\u3000", max_length=10, label="理由")


@given(st.text(max_size=50))
def test_cleaning_twice_is_cleaning_once(raw):
    try:
        once = clean_text(raw, max_length=200)
    except Invalid:
        return
    assert clean_text(once, max_length=200) == once


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("找王13812345678处理", [("手机号", "13812345678")]),
        ("138 1234 5678", [("手机号", "138 1234 5678")]),
        ("138-1234-5678", [("手机号", "138-1234-5678")]),
        ("+86 13812345678", [("手机号", "+86 13812345678")]),
        ("１３８１２３４５６７８", [("手机号", "１３８１２３４５６７８")]),
        ("电话0374-2988001", [("固定电话", "0374-2988001")]),
        ("电话2988001", [("固定电话", "2988001")]),
        ("411002199001011234", [("身份证号", "411002199001011234")]),
        ("41100219900101123X", [("身份证号", "41100219900101123X")]),
        ("411002 19900101 123x", [("身份证号", "411002 19900101 123x")]),
        ("3号楼2单元501室漏水", [("房号", "3号楼2单元501室")]),
        ("三号楼二单元501", [("房号", "三号楼二单元501")]),
        ("2单元501", [("房号", "2单元501")]),
        ("5栋1203", [("房号", "5栋1203")]),
        ("3-2-501", [("房号", "3-2-501")]),
        ("3号楼501室，13812345678", [("房号", "3号楼501室"), ("手机号", "13812345678")]),
    ],
)
def test_private_text_is_found(text, found):
    assert [(finding.kind, finding.text) for finding in privacy_findings(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "2026年10月31日完成整治，涉及3号楼",
        "许魏办〔2026〕12号",
        "2026-10-31",
        "31-10-2026",
        "24栋683户",
        "服务群众20000余人次，投入125000元",
        "新建管网26000米",
        "第3季度开展12次",
        "社区编码411002001006",
        "得分3.50",
        "60平方米党群服务站",
        "网格3、网格12",
    ],
)
def test_ordinary_text_is_left_alone(text):
    assert privacy_findings(text) == []


def test_masking_keeps_the_rest():
    assert mask_private("王13812345678住3号楼501室") == "王138＊＊＊＊＊＊78住＊＊＊＊＊＊＊"
    assert privacy_findings(mask_private("王13812345678住3号楼501室，411002199001011234")) == []


def test_refusal_says_what_and_what_to_do():
    with pytest.raises(Invalid) as refusal:
        check_private("13812345678、13812345679、3号楼501室", label="说明")
    assert refusal.value.message == "说明里疑似有手机号、房号，本系统不登记居民个人信息，请删去或隐去后再保存。"
