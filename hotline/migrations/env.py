"""Alembic's entry: runs the steps over the connection that hotline.migrating hands in."""

from alembic import context

from hotline.migrating import options

context.configure(connection=context.config.attributes["connection"], **options())
with context.begin_transaction():
    context.run_migrations()
