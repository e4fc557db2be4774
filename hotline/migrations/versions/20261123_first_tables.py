"""The first tables."""
# ruff: noqa: PLR0915 - one statement a table

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "55f2f432141f"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent_presence",
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("presence", sa.String(length=10), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_given_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_agent_presence")),
    )
    op.create_table(
        "area",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("parent", sa.String(length=32), nullable=False),
        sa.Column("aliases", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_area")),
    )
    op.create_table(
        "article",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("review_due", sa.Date(), nullable=True),
        sa.Column("reminded_for", sa.Date(), nullable=True),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("imported", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_article")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index("ix_article_state", ["state", "owner"], unique=False)
        batch_op.create_index(
            "uq_article_live",
            ["id"],
            unique=True,
            postgresql_where=sa.text("state IN ('published', 'expiring')"),
            sqlite_where=sa.text("state IN ('published', 'expiring')"),
        )

    op.create_table(
        "article_use",
        sa.Column("article", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("solved", sa.Integer(), nullable=False),
        sa.Column("unsolved", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("article", "day", name=op.f("pk_article_use")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("media", sa.String(length=10), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("date", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "channel_media",
        sa.Column("attachment", sa.String(length=32), nullable=False),
        sa.Column("message", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("media_ref", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("attachment", name=op.f("pk_channel_media")),
    )
    with op.batch_alter_table("channel_media", schema=None) as batch_op:
        batch_op.create_index("ix_channel_media_due", ["not_before"], unique=False)

    op.create_table(
        "channel_token",
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_channel_token")),
    )
    op.create_table(
        "citizen",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone_index", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen")),
    )
    with op.batch_alter_table("citizen", schema=None) as batch_op:
        batch_op.create_index("ix_citizen_phone", ["phone_index"], unique=False)

    op.create_table(
        "city",
        sa.Column("area_code", sa.String(length=32), nullable=False),
        sa.Column("settings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("area_code", name=op.f("pk_city")),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("citizen_id", sa.String(length=32), nullable=False),
        sa.Column("turn", sa.String(length=10), nullable=False),
        sa.Column("first_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dialogue", sa.Text(), nullable=False),
        sa.Column("last_text", sa.Text(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_reply_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tickets", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.create_index("ix_conversation_agent", ["agent_id", "turn"], unique=False)
        batch_op.create_index("ix_conversation_latest", ["turn", "last_at"], unique=False)
        batch_op.create_index("ix_conversation_thread", ["address", "first_seq"], unique=False)
        batch_op.create_index("ix_conversation_turn", ["turn", "waiting_since"], unique=False)
        batch_op.create_index(
            "uq_conversation_open",
            ["address"],
            unique=True,
            postgresql_where=sa.text("turn <> 'closed'"),
            sqlite_where=sa.text("turn <> 'closed'"),
        )

    op.create_table(
        "directory_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_state")),
    )
    op.create_table(
        "figure",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("day", "name", "key", name=op.f("pk_figure")),
    )
    with op.batch_alter_table("figure", schema=None) as batch_op:
        batch_op.create_index("ix_figure_name", ["name", "day"], unique=False)

    op.create_table(
        "figure_position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_position")),
    )
    op.create_table(
        "function",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_function")),
    )
    op.create_table(
        "idempotent_answer",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_idempotent_answer")),
    )
    with op.batch_alter_table("idempotent_answer", schema=None) as batch_op:
        batch_op.create_index("ix_idempotent_answer_at", ["at"], unique=False)

    op.create_table(
        "job",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_token", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_ok", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job")),
    )
    op.create_table(
        "journal",
        sa.Column("serial", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("link", sa.Integer(), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_journal")),
        sa.UniqueConstraint("id", name=op.f("uq_journal_id")),
        sa.UniqueConstraint("position", name=op.f("uq_journal_position")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index("ix_journal_subject", ["subject", "serial"], unique=False)
        batch_op.create_index(
            "ix_journal_unnumbered",
            ["serial"],
            unique=False,
            postgresql_where=sa.text("position IS NULL"),
            sqlite_where=sa.text("position IS NULL"),
        )

    op.create_table(
        "journal_cursor",
        sa.Column("reader", sa.String(length=60), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("reader", name=op.f("pk_journal_cursor")),
    )
    op.create_table(
        "journal_head",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("link", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "knowledge_counter",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_knowledge_counter")),
    )
    op.create_table(
        "mailbox_in",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox_in")),
        sa.UniqueConstraint("address", "external_id", name=op.f("uq_mailbox_in_address_external_id")),
    )
    with op.batch_alter_table("mailbox_in", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mailbox_in_aside",
            ["state"],
            unique=False,
            postgresql_where=sa.text("state = 'aside'"),
            sqlite_where=sa.text("state = 'aside'"),
        )
        batch_op.create_index("ix_mailbox_in_waiting", ["address", "seq"], unique=False)

    op.create_table(
        "mailbox_lane",
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("last_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("ready_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_token", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_mailbox_lane")),
    )
    with op.batch_alter_table("mailbox_lane", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mailbox_lane_ready",
            ["ready_since"],
            unique=False,
            postgresql_where=sa.text("ready"),
            sqlite_where=sa.text("ready"),
        )

    op.create_table(
        "mailbox_out",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("reply_to", sa.String(length=32), nullable=False),
        sa.Column("reserved_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_token", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox_out")),
    )
    with op.batch_alter_table("mailbox_out", schema=None) as batch_op:
        batch_op.create_index("ix_mailbox_out_address", ["address", "seq"], unique=False)
        batch_op.create_index(
            "ix_mailbox_out_open",
            ["channel", "not_before"],
            unique=False,
            postgresql_where=sa.text("state IN ('queued', 'sending')"),
            sqlite_where=sa.text("state IN ('queued', 'sending')"),
        )
        batch_op.create_index(
            "ix_mailbox_out_reply",
            ["reply_to"],
            unique=False,
            postgresql_where=sa.text("reply_to <> ''"),
            sqlite_where=sa.text("reply_to <> ''"),
        )

    op.create_table(
        "matter",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_matter")),
    )
    op.create_table(
        "matter_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_state")),
    )
    op.create_table(
        "person_key",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("wrapped", sa.Text(), nullable=False),
        sa.Column("forgotten", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_person_key")),
    )
    op.create_table(
        "place",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("town", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("aliases", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("name", "town", name=op.f("pk_place")),
    )
    op.create_table(
        "power",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_power")),
    )
    op.create_table(
        "sign_in_counter",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_counter")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("login", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("roles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "suggestion",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("query_code", sa.String(length=12), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("citizen_id", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("decision", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("supports", sa.Integer(), nullable=False),
        sa.Column("similar", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sketch", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_suggestion")),
    )
    with op.batch_alter_table("suggestion", schema=None) as batch_op:
        batch_op.create_index("ix_suggestion_state", ["state", "number"], unique=False)
        batch_op.create_index("ix_suggestion_unit", ["unit", "state"], unique=False)

    op.create_table(
        "suggestion_number",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_suggestion_number")),
    )
    op.create_table(
        "suggestion_support",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("citizen_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", "citizen_id", name=op.f("pk_suggestion_support")),
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("query_code", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("urgency", sa.String(length=2), nullable=False),
        sa.Column("matter", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("citizen", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone_index", sa.String(length=64), nullable=False),
        sa.Column("lead", sa.String(length=32), nullable=False),
        sa.Column("supervision", sa.Integer(), nullable=False),
        sa.Column("asking", sa.Boolean(), nullable=False),
        sa.Column("conversation", sa.String(length=32), nullable=False),
        sa.Column("parent", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wake_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wake_action", sa.String(length=20), nullable=False),
        sa.Column("late_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_level", sa.Integer(), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("decision", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("original", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("number", name=op.f("uq_ticket_number")),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ticket_address",
            ["address", "received"],
            unique=False,
            postgresql_where=sa.text("address <> ''"),
            sqlite_where=sa.text("address <> ''"),
        )
        batch_op.create_index(
            "ix_ticket_asking",
            ["due", "id"],
            unique=False,
            postgresql_where=sa.text("asking"),
            sqlite_where=sa.text("asking"),
        )
        batch_op.create_index(
            "ix_ticket_citizen",
            ["citizen", "received"],
            unique=False,
            postgresql_where=sa.text("citizen <> ''"),
            sqlite_where=sa.text("citizen <> ''"),
        )
        batch_op.create_index(
            "ix_ticket_conversation",
            ["conversation"],
            unique=False,
            postgresql_where=sa.text("conversation <> ''"),
            sqlite_where=sa.text("conversation <> ''"),
        )
        batch_op.create_index("ix_ticket_event", ["area", "received"], unique=False)
        batch_op.create_index(
            "ix_ticket_late",
            ["late_at"],
            unique=False,
            postgresql_where=sa.text("late_at IS NOT NULL"),
            sqlite_where=sa.text("late_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_ticket_lead",
            ["lead", "state"],
            unique=False,
            postgresql_where=sa.text("lead <> ''"),
            sqlite_where=sa.text("lead <> ''"),
        )
        batch_op.create_index("ix_ticket_matter", ["matter", "received"], unique=False)
        batch_op.create_index(
            "ix_ticket_parent",
            ["parent"],
            unique=False,
            postgresql_where=sa.text("parent <> ''"),
            sqlite_where=sa.text("parent <> ''"),
        )
        batch_op.create_index(
            "ix_ticket_phone",
            ["phone_index", "received"],
            unique=False,
            postgresql_where=sa.text("phone_index <> ''"),
            sqlite_where=sa.text("phone_index <> ''"),
        )
        batch_op.create_index("ix_ticket_received", ["received", "id"], unique=False)
        batch_op.create_index(
            "ix_ticket_remind",
            ["remind_at"],
            unique=False,
            postgresql_where=sa.text("remind_at IS NOT NULL"),
            sqlite_where=sa.text("remind_at IS NOT NULL"),
        )
        batch_op.create_index("ix_ticket_state", ["state", "due", "id"], unique=False)
        batch_op.create_index(
            "ix_ticket_supervision",
            ["supervision", "due"],
            unique=False,
            postgresql_where=sa.text("supervision > 0"),
            sqlite_where=sa.text("supervision > 0"),
        )
        batch_op.create_index("ix_ticket_triage", ["state", "urgency", "received", "id"], unique=False)
        batch_op.create_index(
            "ix_ticket_wake",
            ["wake_at"],
            unique=False,
            postgresql_where=sa.text("wake_at IS NOT NULL"),
            sqlite_where=sa.text("wake_at IS NOT NULL"),
        )

    op.create_table(
        "ticket_number",
        sa.Column("day", sa.String(length=6), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ticket_number")),
    )
    op.create_table(
        "unanswered_question",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("article", sa.String(length=60), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unanswered_question")),
        sa.UniqueConstraint("digest", name=op.f("uq_unanswered_question_digest")),
    )
    with op.batch_alter_table("unanswered_question", schema=None) as batch_op:
        batch_op.create_index("ix_unanswered_question_state", ["state", "times", "last_at"], unique=False)

    op.create_table(
        "unit",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("short_name", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("functions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("powers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("parent", sa.String(length=32), nullable=False),
        sa.Column("hours", sa.String(length=20), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_unit")),
    )
    op.create_table(
        "citizen_address",
        sa.Column("key_index", sa.String(length=64), nullable=False),
        sa.Column("citizen_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_citizen_address_citizen_id")),
        sa.PrimaryKeyConstraint("key_index", name=op.f("pk_citizen_address")),
    )
    with op.batch_alter_table("citizen_address", schema=None) as batch_op:
        batch_op.create_index("ix_citizen_address_citizen", ["citizen_id"], unique=False)

    op.create_table(
        "staff_session",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_staff_session")),
    )
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.create_index("ix_staff_session_staff", ["staff_id"], unique=False)

    op.create_table(
        "ticket_notice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name=op.f("fk_ticket_notice_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_notice")),
    )
    with op.batch_alter_table("ticket_notice", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_notice_ticket", ["ticket"], unique=False)
        batch_op.create_index("ix_ticket_notice_unit", ["unit", "at"], unique=False)

    op.create_table(
        "ticket_record",
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("before", sa.String(length=12), nullable=False),
        sa.Column("after", sa.String(length=12), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name=op.f("fk_ticket_record_ticket")),
        sa.PrimaryKeyConstraint("ticket", "version", name=op.f("pk_ticket_record")),
    )
    op.create_table(
        "ticket_repeat",
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("other", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("likeness", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["other"], ["ticket.id"], name=op.f("fk_ticket_repeat_other")),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name=op.f("fk_ticket_repeat_ticket")),
        sa.PrimaryKeyConstraint("ticket", "other", name=op.f("pk_ticket_repeat")),
    )
    op.create_table(
        "ticket_text",
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name=op.f("fk_ticket_text_ticket")),
        sa.PrimaryKeyConstraint("ticket", name=op.f("pk_ticket_text")),
    )
    op.create_table(
        "ticket_unit",
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name=op.f("fk_ticket_unit_ticket")),
        sa.PrimaryKeyConstraint("ticket", "unit", name=op.f("pk_ticket_unit")),
    )
    with op.batch_alter_table("ticket_unit", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_unit_inbox", ["unit", "open"], unique=False)

    # Full text: an index on PostgreSQL, a table of its own on SQLite.
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "ix_ticket_text_terms",
            "ticket_text",
            [sa.text("to_tsvector('simple', terms)")],
            postgresql_using="gin",
        )
    else:
        op.execute("CREATE VIRTUAL TABLE fts_ticket USING fts5(ticket UNINDEXED, terms)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_ticket_text_terms", "ticket_text")
    else:
        op.execute("DROP TABLE fts_ticket")
    with op.batch_alter_table("ticket_unit", schema=None) as batch_op:
        batch_op.drop_index("ix_ticket_unit_inbox")

    op.drop_table("ticket_unit")
    op.drop_table("ticket_text")
    op.drop_table("ticket_repeat")
    op.drop_table("ticket_record")
    with op.batch_alter_table("ticket_notice", schema=None) as batch_op:
        batch_op.drop_index("ix_ticket_notice_unit")
        batch_op.drop_index("ix_ticket_notice_ticket")

    op.drop_table("ticket_notice")
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.drop_index("ix_staff_session_staff")

    op.drop_table("staff_session")
    with op.batch_alter_table("citizen_address", schema=None) as batch_op:
        batch_op.drop_index("ix_citizen_address_citizen")

    op.drop_table("citizen_address")
    op.drop_table("unit")
    with op.batch_alter_table("unanswered_question", schema=None) as batch_op:
        batch_op.drop_index("ix_unanswered_question_state")

    op.drop_table("unanswered_question")
    op.drop_table("ticket_number")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_ticket_wake",
            postgresql_where=sa.text("wake_at IS NOT NULL"),
            sqlite_where=sa.text("wake_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_ticket_triage")
        batch_op.drop_index(
            "ix_ticket_supervision",
            postgresql_where=sa.text("supervision > 0"),
            sqlite_where=sa.text("supervision > 0"),
        )
        batch_op.drop_index("ix_ticket_state")
        batch_op.drop_index(
            "ix_ticket_remind",
            postgresql_where=sa.text("remind_at IS NOT NULL"),
            sqlite_where=sa.text("remind_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_ticket_received")
        batch_op.drop_index(
            "ix_ticket_phone", postgresql_where=sa.text("phone_index <> ''"), sqlite_where=sa.text("phone_index <> ''")
        )
        batch_op.drop_index(
            "ix_ticket_parent", postgresql_where=sa.text("parent <> ''"), sqlite_where=sa.text("parent <> ''")
        )
        batch_op.drop_index("ix_ticket_matter")
        batch_op.drop_index(
            "ix_ticket_lead", postgresql_where=sa.text("lead <> ''"), sqlite_where=sa.text("lead <> ''")
        )
        batch_op.drop_index(
            "ix_ticket_late",
            postgresql_where=sa.text("late_at IS NOT NULL"),
            sqlite_where=sa.text("late_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_ticket_event")
        batch_op.drop_index(
            "ix_ticket_conversation",
            postgresql_where=sa.text("conversation <> ''"),
            sqlite_where=sa.text("conversation <> ''"),
        )
        batch_op.drop_index(
            "ix_ticket_citizen", postgresql_where=sa.text("citizen <> ''"), sqlite_where=sa.text("citizen <> ''")
        )
        batch_op.drop_index("ix_ticket_asking", postgresql_where=sa.text("asking"), sqlite_where=sa.text("asking"))
        batch_op.drop_index(
            "ix_ticket_address", postgresql_where=sa.text("address <> ''"), sqlite_where=sa.text("address <> ''")
        )

    op.drop_table("ticket")
    op.drop_table("suggestion_support")
    op.drop_table("suggestion_number")
    with op.batch_alter_table("suggestion", schema=None) as batch_op:
        batch_op.drop_index("ix_suggestion_unit")
        batch_op.drop_index("ix_suggestion_state")

    op.drop_table("suggestion")
    op.drop_table("staff")
    op.drop_table("sign_in_counter")
    op.drop_table("power")
    op.drop_table("place")
    op.drop_table("person_key")
    op.drop_table("matter_state")
    op.drop_table("matter")
    with op.batch_alter_table("mailbox_out", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_mailbox_out_reply", postgresql_where=sa.text("reply_to <> ''"), sqlite_where=sa.text("reply_to <> ''")
        )
        batch_op.drop_index(
            "ix_mailbox_out_open",
            postgresql_where=sa.text("state IN ('queued', 'sending')"),
            sqlite_where=sa.text("state IN ('queued', 'sending')"),
        )
        batch_op.drop_index("ix_mailbox_out_address")

    op.drop_table("mailbox_out")
    with op.batch_alter_table("mailbox_lane", schema=None) as batch_op:
        batch_op.drop_index("ix_mailbox_lane_ready", postgresql_where=sa.text("ready"), sqlite_where=sa.text("ready"))

    op.drop_table("mailbox_lane")
    with op.batch_alter_table("mailbox_in", schema=None) as batch_op:
        batch_op.drop_index("ix_mailbox_in_waiting")
        batch_op.drop_index(
            "ix_mailbox_in_aside", postgresql_where=sa.text("state = 'aside'"), sqlite_where=sa.text("state = 'aside'")
        )

    op.drop_table("mailbox_in")
    op.drop_table("knowledge_counter")
    op.drop_table("journal_head")
    op.drop_table("journal_cursor")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_journal_unnumbered",
            postgresql_where=sa.text("position IS NULL"),
            sqlite_where=sa.text("position IS NULL"),
        )
        batch_op.drop_index("ix_journal_subject")

    op.drop_table("journal")
    op.drop_table("job")
    with op.batch_alter_table("idempotent_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_idempotent_answer_at")

    op.drop_table("idempotent_answer")
    op.drop_table("function")
    op.drop_table("figure_position")
    with op.batch_alter_table("figure", schema=None) as batch_op:
        batch_op.drop_index("ix_figure_name")

    op.drop_table("figure")
    op.drop_table("directory_state")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_conversation_open",
            postgresql_where=sa.text("turn <> 'closed'"),
            sqlite_where=sa.text("turn <> 'closed'"),
        )
        batch_op.drop_index("ix_conversation_turn")
        batch_op.drop_index("ix_conversation_thread")
        batch_op.drop_index("ix_conversation_latest")
        batch_op.drop_index("ix_conversation_agent")

    op.drop_table("conversation")
    op.drop_table("city")
    with op.batch_alter_table("citizen", schema=None) as batch_op:
        batch_op.drop_index("ix_citizen_phone")

    op.drop_table("citizen")
    op.drop_table("channel_token")
    with op.batch_alter_table("channel_media", schema=None) as batch_op:
        batch_op.drop_index("ix_channel_media_due")

    op.drop_table("channel_media")
    op.drop_table("calendar_day")
    op.drop_table("attachment")
    op.drop_table("article_use")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_article_live",
            postgresql_where=sa.text("state IN ('published', 'expiring')"),
            sqlite_where=sa.text("state IN ('published', 'expiring')"),
        )
        batch_op.drop_index("ix_article_state")

    op.drop_table("article")
    op.drop_table("area")
    op.drop_table("agent_presence")
