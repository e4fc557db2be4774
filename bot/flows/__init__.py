"""One module a flow: pure steps from a state and a message to acts."""
