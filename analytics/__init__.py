"""The journal folded into facts and figures. Doors: none."""
