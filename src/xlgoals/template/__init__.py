"""The template writer: plan → locked workbook. It writes only, and only through XlsxWriter."""
