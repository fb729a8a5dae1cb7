import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { alembicCalls } from '../../../src/systems/alembic/calls.ts'
import { usual } from '../../../src/systems/alembic/convention.ts'
import { sent } from '../kit/sent.ts'

const recorded = (name: string) => readFileSync(new URL(`recorded/${name}`, import.meta.url), 'utf8')
const oneSpace = (sql: string) => sql.replace(/\s+/g, ' ').replaceAll('( ', '(').replaceAll(' )', ')').trim()
const newest = alembicCalls({ convention: usual, storesComputed: false })

test('the statements that Alembic writes for recorded operations, one by one', async () => {
  const read = await sent(newest, recorded('alembic.py'), 'up', '1.py')
  // The blocks of autocommit end and begin a transaction, which each statement in them records.
  const lines = recorded('alembic.sql')
    .split('\n')
    .filter(line => !/^(?:|COMMIT|BEGIN)$/.test(line))
  expect(read.unread).toEqual([])
  expect(read.sql.map(oneSpace)).toEqual(lines.map(oneSpace))
})

const upgrade = (body: string, before = '') =>
  sent(
    newest,
    `import sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql\nfrom alembic import op\n${before}\ndef upgrade():\n${body
      .split('\n')
      .map(line => `    ${line}\n`)
      .join('')}`,
    'up',
    '1.py',
  )

test.each<[string, string, string[]]>([
  [
    'conditions on the dialect',
    'conn = op.get_bind()\nif conn.dialect.name == "sqlite":\n    op.execute("a")\nelif isinstance(conn.dialect, PGDialect):\n    op.execute("b")',
    ['b'],
  ],
  [
    'parameters of texts',
    `op.get_bind().execute(sa.text("update t set a = :a where b in :b and c = '\\\\:d' and e = 'x'::text"), {"a": 1, "b": ["x", "y"]})`,
    [`update t set a = 1 where b in ('x', 'y') and c = ':d' and e = 'x'::text`],
  ],
  [
    'unknown values',
    'for row in op.get_bind().execute(sa.text("select 1")):\n    op.execute(sa.text("update t set a = :a").bindparams(a=row.a))',
    ['select 1', 'update t set a = $1'],
  ],
  [
    'types that are made once',
    's = sa.Enum("a", name="s")\nop.create_table("t", sa.Column("a", s))\nop.create_table("u", sa.Column("a", s))',
    [`CREATE TYPE s AS ENUM ('a')`, 'CREATE TABLE t (a s)', 'CREATE TABLE u (a s)'],
  ],
  [
    'names that are too long',
    `op.create_index(op.f("ix_${'a'.repeat(70)}"), "t", ["a"])`,
    [`CREATE INDEX ix_${'a'.repeat(52)}_33ae ON t (a)`],
  ],
  [
    'the order of a batch',
    'with op.batch_alter_table("t", schema="s") as b:\n    b.drop_column("a")\n    op.execute("x")\n    b.create_index("i", ["b"], unique=True)',
    ['x', 'ALTER TABLE s.t DROP COLUMN a', 'CREATE UNIQUE INDEX i ON s.t (b)'],
  ],
  [
    'a primary key that refers to another table',
    'op.create_table("t", sa.Column("id", sa.Integer()), sa.ForeignKeyConstraint(["id"], ["s.u.id"]), sa.PrimaryKeyConstraint("id"))',
    ['CREATE TABLE t (id INTEGER NOT NULL, PRIMARY KEY (id), FOREIGN KEY(id) REFERENCES s.u (id))'],
  ],
  [
    'schemas and sequences',
    'op.execute(sa.schema.CreateSchema("My", if_not_exists=True))\nop.execute(sa.schema.CreateSequence(sa.Sequence("q", start=5)))\nop.execute(sa.schema.DropSchema("a", cascade=True))',
    ['CREATE SCHEMA IF NOT EXISTS "My"', 'CREATE SEQUENCE q START WITH 5', 'DROP SCHEMA a CASCADE'],
  ],
  [
    'types of sqlalchemy_utils, by any of their names',
    'import sqlalchemy_utils\nfrom sqlalchemy_utils.types.email import EmailType\nop.add_column("t", sa.Column("a", sqlalchemy_utils.types.ts_vector.TSVectorType("b", weights={"b": "A"})))\nop.add_column("t", sa.Column("c", EmailType(length=9)))\nop.add_column("t", sa.Column("d", sqlalchemy_utils.types.encrypted.encrypted_type.StringEncryptedType()))\nop.add_column("t", sa.Column("e", sqlalchemy_utils.PhoneNumberType()))',
    [
      'ALTER TABLE t ADD COLUMN a TSVECTOR',
      'ALTER TABLE t ADD COLUMN c VARCHAR(9)',
      'ALTER TABLE t ADD COLUMN d VARCHAR',
      'ALTER TABLE t ADD COLUMN e VARCHAR(20)',
    ],
  ],
  [
    'rows',
    't = sa.table("t", sa.column("a"), sa.column("b"))\nop.execute(t.delete().where(sa.and_(t.c.a > 1, t.c.b.in_(["x"]))))\nop.execute(sa.update(t).where(t.c.a.is_(None)).values({"b": None}))',
    [`DELETE FROM t WHERE t.a > 1 AND t.b IN ('x')`, 'UPDATE t SET b=NULL WHERE t.a IS NULL'],
  ],
])('reads %s', async (_, body, sql) => {
  const read = await upgrade(body, 'from sqlalchemy.dialects.postgresql.base import PGDialect')
  expect(read.sql.map(oneSpace)).toEqual(sql)
  expect(read.unread).toEqual([])
})

test.each<[string, string, string]>([
  [
    'an option that it does not know',
    'op.create_index("i", "t", ["a"], postgresql_odd=1)',
    'its option `postgresql_odd` is not read',
  ],
  ['a helper', 'from app import helper\nhelper()', '`helper`: it comes from another file'],
  [
    'rows that the program writes',
    'from sqlalchemy.orm import Session\ns = Session(bind=op.get_bind())\ns.add(1)',
    'it writes rows through classes of the program',
  ],
  [
    'a parameter without a value',
    'op.execute("update t set a = :a")',
    'the call gives no value for its parameter `:a`',
  ],
  [
    'a name that is refused',
    `op.create_index("${'a'.repeat(64)}", "t", ["a"])`,
    'SQLAlchemy refuses names of more than 63 characters',
  ],
  [
    'a table that is copied',
    'with op.batch_alter_table("t", recreate="always") as b:\n    pass',
    'the table may be copied',
  ],
  [
    'metadata that creates tables',
    'sa.MetaData().create_all(op.get_bind())',
    '`create_all` of the metadata is not read yet',
  ],
  ['another operation', 'op.other(1)', '`other` of op is not read yet'],
  ['an operation of a plugin', 'op.create_entity(1)', '`create_entity` is an operation of alembic_utils'],
  [
    'an operation of another',
    "op.sync_enum_values('a')",
    '`sync_enum_values` is an operation of alembic_postgresql_enum',
  ],
])('says that it does not read %s', async (_, body, why) => {
  const { sql, unread } = await upgrade(body)
  expect(sql).toEqual([])
  expect(unread.map(each => each.slice(each.lastIndexOf(`: ${why}`) + 2))).toEqual([why])
})

test('a name takes the place of a type of another file', async () => {
  const { sql, unread } = await upgrade(
    'op.add_column("t", sa.Column("a", Odd(), nullable=False))',
    'from app import Odd',
  )
  expect(sql).toEqual([`ALTER TABLE t ADD COLUMN a "${'$'}{Odd}" NOT NULL`])
  expect(unread).toEqual(['Odd(): the type is not known: it comes from another file'])
})

test('both branches of a condition on the database are read, and a missing type is created', async () => {
  const { sql, unread, doubts } = await upgrade(
    'if sa.inspect(op.get_bind()).has_table("t"):\n    op.drop_table("t")\npostgresql.ENUM("a", name="e").create(op.get_bind(), checkfirst=True)',
  )
  expect(sql).toEqual(['DROP TABLE t', `CREATE TYPE e AS ENUM ('a')`])
  expect(unread).toEqual([])
  expect(doubts).toHaveLength(1)
})

test('names of the convention of the metadata', async () => {
  const convention = new Map([
    ['uq', 'uq_%(table_name)s_%(column_0_N_name)s'],
    ['ck', 'ck_%(table_name)s_%(constraint_name)s'],
    ['fk', 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s'],
  ])
  const body = `from alembic import op
def upgrade():
    op.create_unique_constraint(None, "t", ["a", "b"])
    op.create_check_constraint("c", "t", "a > 0")
    op.create_check_constraint(op.f("c"), "t", "a > 0")
    op.create_foreign_key(None, "t", "u", ["a"], ["id"])
    op.drop_constraint("c", "t", type_="check")
`
  const { sql } = await sent(alembicCalls({ convention, storesComputed: false }), body, 'up', '1.py')
  expect(sql).toEqual([
    'ALTER TABLE t ADD CONSTRAINT uq_t_a_b UNIQUE (a, b)',
    'ALTER TABLE t ADD CONSTRAINT ck_t_c CHECK (a > 0)',
    'ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)',
    'ALTER TABLE t ADD CONSTRAINT fk_t_a_u FOREIGN KEY(a) REFERENCES u (id)',
    'ALTER TABLE t DROP CONSTRAINT ck_t_c',
  ])
})
