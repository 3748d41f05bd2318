"""Files that people hand in: looked at in a limited child process, kept only when they are what they should be.

This package imports nothing by itself: the child process would load the portal with it.
"""
