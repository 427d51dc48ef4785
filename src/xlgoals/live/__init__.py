"""Live checks: what the importer will say, worked out by the workbook while it is filled in."""
