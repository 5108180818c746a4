"""Excel files for tests."""

import io

import xlsxwriter

Sheet = list[list[str]]


def workbook(**sheets: Sheet) -> bytes:
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file)
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(number, place, cell)
    made.close()
    return file.getvalue()
