"""Officers are reached by short messages and call citizens over a number of ours."""

import sqlalchemy as sa
from alembic import op

revision = "68f606b207a0"
down_revision = "b7d2f05c1a94"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_refusal",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_channel_refusal")),
    )
    op.create_table(
        "officer_message",
        sa.Column("message", sa.String(length=32), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("message", name=op.f("pk_officer_message")),
    )
    with op.batch_alter_table("officer_message", schema=None) as batch_op:
        batch_op.create_index("ix_officer_message_at", ["at"], unique=False)

    op.create_table(
        "photograph",
        sa.Column("attachment", sa.String(length=32), nullable=False),
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("attachment", name=op.f("pk_photograph")),
    )
    with op.batch_alter_table("photograph", schema=None) as batch_op:
        batch_op.create_index("ix_photograph_ticket", ["ticket"], unique=False)

    op.create_table(
        "relay_call",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("noted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay_call")),
    )
    with op.batch_alter_table("relay_call", schema=None) as batch_op:
        batch_op.create_index(
            "ix_relay_call_open",
            ["state"],
            unique=False,
            postgresql_where=sa.text("state <> 'ended'"),
            sqlite_where=sa.text("state <> 'ended'"),
        )
        batch_op.create_index("ix_relay_call_subject", ["subject", "asked_at"], unique=False)
        batch_op.create_index(
            "ix_relay_call_unnoted",
            ["ended_at"],
            unique=False,
            postgresql_where=sa.text("state = 'ended' AND NOT noted"),
            sqlite_where=sa.text("state = 'ended' AND NOT noted"),
        )


def downgrade() -> None:
    with op.batch_alter_table("relay_call", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_relay_call_unnoted",
            postgresql_where=sa.text("state = 'ended' AND NOT noted"),
            sqlite_where=sa.text("state = 'ended' AND NOT noted"),
        )
        batch_op.drop_index("ix_relay_call_subject")
        batch_op.drop_index(
            "ix_relay_call_open", postgresql_where=sa.text("state <> 'ended'"), sqlite_where=sa.text("state <> 'ended'")
        )

    op.drop_table("relay_call")
    with op.batch_alter_table("officer_message", schema=None) as batch_op:
        batch_op.drop_index("ix_officer_message_at")

    op.drop_table("officer_message")
    with op.batch_alter_table("photograph", schema=None) as batch_op:
        batch_op.drop_index("ix_photograph_ticket")

    op.drop_table("photograph")
    op.drop_table("channel_refusal")
