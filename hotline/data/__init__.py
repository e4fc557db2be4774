"""All data of a city in and out: workbooks and CSV, checked as a whole, loaded at once, written as they are."""
