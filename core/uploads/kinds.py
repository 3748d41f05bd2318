"""What kind of file it is, told by its first bytes alone; a closed list, and in words what to do with the rest.

Nothing here may import Django: the child process holds no settings.
"""

from __future__ import annotations

from dataclasses import dataclass

HEAD = 1024


class Refused(Exception):
    """The file is not taken; the message is a Chinese sentence for the person."""


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken; `family` says who looks at it."""

    family: str
    media_type: str
    extension: str


PICTURE = Kind("picture", "image/jpeg", "jpg")
PORTABLE = Kind("portable", "application/pdf", "pdf")
TEXT = Kind("office", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")
SHEET = Kind("office", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")

TAKEN = "可用 JPG、PNG、WebP 图片，PDF，或 docx、xlsx 文件"
HELP = "图片、PDF、docx 或 xlsx，不超过 10 MB；图片会去掉拍摄位置。"
# For the attribute `accept` of a file field.
OFFERED = "image/jpeg,image/png,image/webp,.pdf,.docx,.xlsx"
_WORDS = {PICTURE.media_type: "图片", PORTABLE.media_type: "PDF", TEXT.media_type: "文档", SHEET.media_type: "表格"}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "这是旧版 Office 或 WPS 文件（doc、xls、wps、et），请另存为 docx、xlsx 或 PDF 再传。"),
    (b"%!PS", "这是 EPS 文件，不是图片，请另存为 JPG 再传。"),
    (b"GIF8", "暂不收 GIF 图片，请另存为 JPG 再传。"),
    (b"BM", "暂不收 BMP 图片，请另存为 JPG 再传。"),
)
_PHONE_PICTURES = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")


def word_of(media_type: str) -> str:
    """What people call a kept file of this type."""
    return _WORDS.get(media_type, "文件")


def family_of(head: bytes) -> str:
    """`picture`, `portable` or `office` (a ZIP that the office check looks into); Refused for anything else."""
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "picture"
    if head.startswith(b"%PDF-"):
        return "portable"
    if head.startswith(b"PK\x03\x04"):
        return "office"
    if head[4:8] == b"ftyp" and head[8:12] in _PHONE_PICTURES:
        raise Refused("这是手机的 HEIC 照片，请在手机相机设置里改为“兼容性最佳”，或另存为 JPG 再传。")
    for start, words in _OTHERS:
        if head.startswith(start):
            raise Refused(words)
    raise Refused(f"看不出这是什么文件，{TAKEN}。")
