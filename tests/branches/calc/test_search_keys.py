from branches.calc.search_keys import MAX_LENGTH, search_keys


def test_initials_and_full_pinyin() -> None:
    assert search_keys("府后")[:8] == " fh fuho"
    assert " fuhou " in search_keys("府后")


def test_both_readings_of_a_character() -> None:
    keys = search_keys("长青").split()
    assert keys.index("cq") < keys.index("zq")
    assert {"changqing", "zhangqing"} <= set(keys)


def test_letters_digits_and_signs() -> None:
    assert search_keys("A8·栋（东）").split()[0] == "a8dd"


def test_nothing_to_find() -> None:
    assert search_keys("") == search_keys("（）") == ""


def test_never_longer_than_its_column() -> None:
    assert len(search_keys("长" * 80)) <= MAX_LENGTH
