from tests.browsing import open_page

__all__ = ["open_page"]
