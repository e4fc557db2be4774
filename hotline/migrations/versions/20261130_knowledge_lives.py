"""Entries know where they came from and how often they were saved; who asked is told; what is wrong is kept."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "3f6d80b4e71c"
down_revision = "5e2b90d7c4a8"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _only(condition: str) -> dict[str, Any]:
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}


def upgrade() -> None:
    with op.batch_alter_table("article") as table:
        table.add_column(sa.Column("origin", sa.String(20), nullable=False, server_default="editor"))
        table.add_column(sa.Column("source", sa.String(64), nullable=False, server_default=""))
        table.add_column(sa.Column("revision", sa.Integer, nullable=False, server_default="1"))
        table.add_column(sa.Column("words", sa.Text, nullable=False, server_default=""))
    _fill()
    with op.batch_alter_table("article") as table:
        for name in ("origin", "source", "revision", "words"):
            table.alter_column(name, server_default=None)
    op.create_index("ix_article_saved", "article", ["state", "saved_at"])
    op.create_index("ix_article_source", "article", ["source"], **_only("source <> ''"))
    with op.batch_alter_table("unanswered_question") as table:
        table.add_column(sa.Column("answer", sa.String(60), nullable=False, server_default=""))
        table.add_column(sa.Column("grouped", sa.String(32)))
    with op.batch_alter_table("unanswered_question") as table:
        table.alter_column("answer", server_default=None)
    op.create_index("ix_unanswered_question_answer", "unanswered_question", ["answer"], **_only("answer <> ''"))
    op.create_index("ix_unanswered_question_new", "unanswered_question", ["state"], **_only("grouped IS NULL"))
    _who_asked()
    _what_is_wrong()


def _fill() -> None:
    """What is looked for in the words of entries that are there already."""
    article = sa.table("article", *map(sa.column, ("id", "version", "content", "imported", "origin", "words")))
    content = sa.column("content", sa.JSON)
    connection = op.get_bind()
    rows = connection.execute(sa.select(article.c.id, article.c.version, content.label("content"), article.c.imported))
    for row in rows.fetchall():
        said = row.content
        words = "\n".join((said["title"], row.id, *said.get("variants", ()), said["short"], said.get("full", "")))
        mine = (article.c.id == row.id) & (article.c.version == row.version)
        origin = "import" if row.imported else "editor"
        connection.execute(sa.update(article).where(mine).values(words=words.lower(), origin=origin))


def _who_asked() -> None:
    op.create_table(
        "question_asker",
        sa.Column("question", sa.String(32), sa.ForeignKey("unanswered_question.id"), primary_key=True),
        sa.Column("address", sa.String(200), primary_key=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answer", sa.String(60), nullable=False),
        sa.Column("told_at", MOMENT),
    )
    op.create_index("ix_question_asker_waiting", "question_asker", ["question"], **_only("told_at IS NULL"))


def _what_is_wrong() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("article", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("by", sa.String(32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("mending", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("told_at", MOMENT),
    )
    op.create_index("ix_correction_state", "correction", ["state", "at"])
    op.create_index("ix_correction_article", "correction", ["article"])
    waits = "state = 'mended' AND sealed <> '' AND told_at IS NULL"
    op.create_index("ix_correction_to_tell", "correction", ["article"], **_only(waits))


def downgrade() -> None:
    op.drop_table("correction")
    op.drop_table("question_asker")
    for name in ("answer", "new"):
        op.drop_index(f"ix_unanswered_question_{name}", "unanswered_question")
    with op.batch_alter_table("unanswered_question") as table:
        table.drop_column("grouped")
        table.drop_column("answer")
    for name in ("saved", "source"):
        op.drop_index(f"ix_article_{name}", "article")
    with op.batch_alter_table("article") as table:
        for name in ("words", "revision", "source", "origin"):
            table.drop_column(name)
