"""The house: process roles, HTTP host, loops, command line."""
