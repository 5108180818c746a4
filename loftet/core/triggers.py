"""Triggers that keep a table append-only, whoever writes to the database.

SQLite drops a table's triggers when Django rebuilds the table: a migration that alters a frozen
must end by putting them up again. `loftet verify-log` tells when the log lacks them.
"""

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Frozen:
    """A table whose rows stay as they were written."""

    table: str
    again: (
        str  # when a new row is an old one; INSERT OR REPLACE removes rows without DELETE's trigger
    )

    @property
    def sqlite(self) -> dict[str, str]:
        stop = f"BEGIN SELECT RAISE(ABORT, '{self.table} is append-only.'); END"
        there = f"EXISTS (SELECT 1 FROM {self.table} WHERE {self.again})"  # noqa: S608 - our own words
        when = {
            "keeps": f"BEFORE UPDATE ON {self.table}",
            "stays": f"BEFORE DELETE ON {self.table}",
            "is_new": f"BEFORE INSERT ON {self.table} WHEN {there}",
        }
        return {
            f"{self.table}_{name}": f"CREATE TRIGGER {self.table}_{name} {moment} {stop}"
            for name, moment in when.items()
        }

    @property
    def postgresql(self) -> dict[str, str]:
        calls = "EXECUTE FUNCTION is_append_only()"
        when = {
            "keeps": f"BEFORE UPDATE OR DELETE ON {self.table} FOR EACH ROW",
            "stays": f"BEFORE TRUNCATE ON {self.table} FOR EACH STATEMENT",
        }
        return {
            f"{self.table}_{name}": f"CREATE TRIGGER {self.table}_{name} {moment} {calls}"
            for name, moment in when.items()
        }

    def statements(self, vendor: str) -> dict[str, str]:
        return self.postgresql if vendor == "postgresql" else self.sqlite


LOG = Frozen("core_event", "number = NEW.number OR digest = NEW.digest")
# To empty an empty table is allowed: the tests' flush does it.
POSTGRESQL_FUNCTION = """
    CREATE OR REPLACE FUNCTION is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE filled boolean;
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', TG_TABLE_NAME) INTO filled;
            IF NOT filled THEN RETURN NULL; END IF;
        END IF;
        RAISE EXCEPTION '% is append-only.', TG_TABLE_NAME;
    END $$"""


def put_up(connection: BaseDatabaseWrapper, frozen: Frozen = LOG) -> None:
    take_down(connection, frozen)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for statement in frozen.statements(connection.vendor).values():
            cursor.execute(statement)


def take_down(connection: BaseDatabaseWrapper, frozen: Frozen = LOG) -> None:
    on_table = f" ON {frozen.table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in frozen.statements(connection.vendor):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def are_up(connection: BaseDatabaseWrapper, frozen: Frozen = LOG) -> bool:
    query = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled = 'O' AND tgrelid = %s::regclass"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [frozen.table])
        there = {name for (name,) in cursor.fetchall()}
    return frozen.statements(connection.vendor).keys() <= there
