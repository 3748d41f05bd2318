"""Workbooks: read in a limited child process as texts with their places, written so that nothing becomes a formula.

This package imports nothing by itself: the child process would load the portal with it.
"""
