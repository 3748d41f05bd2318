"""Tables that come from outside as rows of registers: pasted, typed into a grid, loaded from a workbook."""
