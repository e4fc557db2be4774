"""What Rasa does by asking the hotline's programming interface; runs in Rasa's environment."""
