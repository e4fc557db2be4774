"""What can be measured: one module an evaluation, named in registry.py."""
