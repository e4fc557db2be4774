"""The city: areas and the place finder, member units, citizens and their addresses, staff and their sessions.

Doors: ``lookup`` (who and what there is), ``reorganising`` (units renamed, merged, split, closed) and ``model``.
"""
