"""How the hotline's cost grows with its history: a million tickets and ten million, screen by screen."""
