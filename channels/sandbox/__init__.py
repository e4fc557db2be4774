"""Stand-ins of the platforms: they speak the real protocols and share no code with the adapters."""
