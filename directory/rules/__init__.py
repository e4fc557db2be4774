"""Pure rules of the directory: finding places in text, the order of areas, city files, lock-out, demo accounts."""
