"""A contract goes out and comes in: one JSON document, one workbook, and the tables of contracts that exist."""
