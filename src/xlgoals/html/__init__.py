"""Reports as web pages of one file each: no network, no script, nothing a workbook can bend."""
