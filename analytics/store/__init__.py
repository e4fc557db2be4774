"""The tables of analytics: daily figures, cases with what they count for, roll-ups, quality inspections."""
