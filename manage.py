#!/usr/bin/env python
"""Command line of the portal; `./run manage …` calls it inside the right environment."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weidu_portal.settings")
    execute_from_command_line(sys.argv)
