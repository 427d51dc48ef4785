"""The summary workbook of a season; one module a sheet, none of which reads a file."""
