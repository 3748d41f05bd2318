from tests.scoring.month import month

__all__ = ["month"]
