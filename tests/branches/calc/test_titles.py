import pytest

from branches.calc.titles import post_title


@pytest.mark.parametrize(
    ("organisation", "role", "title"),
    [
        ("府后社区", "书记", "府后社区书记"),
        ("区创建办", "创建办主任", "区创建办主任"),
        ("支部过硬专班", "专班长", "支部过硬专班长"),
        ("魏都区委", "查阅", "魏都区委查阅"),
        ("", "书记", "书记"),
    ],
)
def test_no_word_twice(organisation: str, role: str, title: str) -> None:
    assert post_title(organisation, role) == title
