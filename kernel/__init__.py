"""The floor every room stands on: values, the database, the two trays (mailbox and journal), time, people."""
