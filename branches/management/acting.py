"""`--as USERNAME` of every command that writes: the same person, the same permits as on the pages."""

from __future__ import annotations

from argparse import ArgumentParser


def add_actor_argument(parser: ArgumentParser) -> None:
    parser.add_argument("--as", dest="username", required=True, metavar="USERNAME", help="account that acts")
