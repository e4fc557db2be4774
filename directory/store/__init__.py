"""The directory's tables: reference data, citizens, staff."""
