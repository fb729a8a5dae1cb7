import { Refused, type Row, type Session } from '../server/session.ts'

interface Column {
  readonly name: string
  /** `numeric(10,2)`; of a domain, the type under it. */
  readonly type: string
  /** The kind of the type in pg_type: `b` for a base type, `e` for an enum, `c` for a row. */
  readonly kind: string
  readonly isArray: boolean
  readonly isRequired: boolean
  /** The server fills it by itself. */
  readonly isFilled: boolean
}

interface Reference {
  readonly columns: string[]
  /** That of the other table. */
  readonly oid: string
  /** Quoted, with its schema. */
  readonly table: string
  readonly targets: string[]
}

/** How many rows a table gets, by its name with its schema; null: it is not known. */
export type RowsWanted = (table: string) => number | null

interface Table {
  readonly oid: string
  /** With its schema, not quoted. */
  readonly plain: string
  /** Quoted, with its schema. */
  readonly name: string
  readonly columns: Column[]
  readonly references: Reference[]
}

/** A table that could not be filled, and the server's reason. */
export interface Unfilled {
  readonly table: string
  readonly why: string
}

/**
 * Puts as many rows as are wanted into every table that has none: distinct values of each type, rows of other tables where a foreign key asks for them, and
 * NULL where nothing better is known and NULL may stand there. Tables come after those that they refer to. Returns those that could not be filled.
 */
export async function fillTables(session: Session, wanted: RowsWanted): Promise<Unfilled[]> {
  let waiting = inOrder(await tablesIn(session))
  for (;;) {
    const unfilled: { readonly table: Table; readonly why: string }[] = []
    for (const table of waiting) {
      const count = wanted(table.plain)
      const why = count === 0 ? null : await fill(session, table, count)
      if (why !== null) unfilled.push({ table, why })
    }
    // Where tables refer to each other in a circle, rows of one may be what the other one lacked.
    if (unfilled.length === 0 || unfilled.length === waiting.length) {
      return unfilled.map(({ table, why }) => ({ table: table.plain, why }))
    }
    waiting = unfilled.map(({ table }) => table)
  }
}

/** Fills a table that has no rows. Returns the reason why it cannot be filled, or null. */
async function fill(session: Session, table: Table, count: number | null): Promise<string | null> {
  const [found] = await session.send(`SELECT pg_catalog.count(*) FROM (SELECT FROM ${table.name} LIMIT 1) AS any_row`)
  if (found?.[0] !== '0') return null
  if (count === null) return 'the statistics do not say how many rows it has'
  const [unknown] = table.columns.filter(column => isUnknown(column, table))
  if (unknown) return `no value of the type ${unknown.type} is known for ${unknown.name}`
  try {
    await session.send(insertInto(table, count))
    await session.send(`ANALYZE ${table.name}`)
    return null
  } catch (error) {
    if (error instanceof Refused) return error.message
    throw error
  }
}

/** One INSERT for all rows. Rows that a unique index refuses are left out. */
function insertInto({ name, columns, references }: Table, count: number): string {
  const given = new Map<string, string>()
  const joins: string[] = []
  for (const { table, columns: own, targets } of references) {
    if (own.some(column => given.has(column))) continue
    const alias = `r${joins.length}`
    const list = targets.map(each => quoted(each)).join(', ')
    // Up to this many different rows are referred to.
    const some = `FROM ${table} LIMIT 10000`
    const every = `(SELECT NULLIF(pg_catalog.count(*), 0) FROM (SELECT ${some}) AS targets)`
    joins.push(
      `LEFT JOIN (SELECT ${list}, pg_catalog.row_number() OVER () AS place ${some}) AS ${alias} ON ${alias}.place = 1 + i % ${every}`,
    )
    for (const [i, column] of own.entries()) given.set(column, `${alias}.${quoted(targets[i] ?? '')}`)
  }
  const filled = columns.filter(({ name, isFilled }) => given.has(name) || !isFilled)
  if (filled.length === 0) return `INSERT INTO ${name} SELECT FROM pg_catalog.generate_series(1, ${count}) AS i`
  const values = filled.map(column => given.get(column.name) ?? sqlOf(column) ?? 'NULL')
  return `INSERT INTO ${name} (${filled.map(each => quoted(each.name)).join(', ')})
    SELECT ${values.join(', ')} FROM pg_catalog.generate_series(1, ${count}) AS i ${joins.join(' ')} ON CONFLICT DO NOTHING`
}

/** Expressions of i, the number of the row, by the name of the type. */
const expressions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    smallint: '(i % 32000)',
    integer: 'i',
    bigint: 'i',
    real: 'i',
    'double precision': 'i',
    boolean: '(i % 2 = 0)',
    text: "('text ' || i)",
    citext: "('text ' || i)",
    date: "(DATE '2024-01-01' + i % 700)",
    'time without time zone': "(TIME '00:00' + (i % 86400) * INTERVAL '1 second')",
    'timestamp without time zone': "(TIMESTAMP '2024-01-01' + i * INTERVAL '1 minute')",
    'timestamp with time zone': "(TIMESTAMPTZ '2024-01-01 00:00Z' + i * INTERVAL '1 minute')",
    interval: "(i * INTERVAL '1 second')",
    uuid: '(pg_catalog.md5(i::pg_catalog.text)::pg_catalog.uuid)',
    json: "pg_catalog.json_build_object('n', i)",
    jsonb: "pg_catalog.jsonb_build_object('n', i)",
    bytea: "pg_catalog.decode(pg_catalog.md5(i::pg_catalog.text), 'hex')",
    inet: "(INET '10.0.0.0' + i)",
    tsvector: "('word' || i)::pg_catalog.tsvector",
  }),
)

/** The value of a column in row i; null: none is known for its type. */
function sqlOf({ type, kind, isArray }: Column): string | null {
  if (isArray) return `'{}'::${type}`
  const [base = '', rest = ''] = type.split('(', 2)
  const [length = 0, scale = 0] = rest.split(/[,)]/).map(Number)
  if (base === 'character varying' || base === 'character') {
    return length > 0 ? `pg_catalog.right('text ' || i, ${length})` : "('text ' || i)"
  }
  if (base === 'numeric') return `(i % 10::pg_catalog.numeric ^ ${Math.max(1, Math.min(9, (length || 18) - scale))})`
  if (kind === 'e') {
    const all = `pg_catalog.enum_range(NULL::${type})`
    return `(${all})[1 + i % pg_catalog.array_length(${all}, 1)]`
  }
  const plain = rest === '' ? type : type.replace(/\(\d+\)/, '')
  return expressions.get(plain) ?? null
}

/** True for a column that must have a value, and for which there is none. */
function isUnknown(column: Column, { references }: Table): boolean {
  if (column.isFilled || !column.isRequired || sqlOf(column) !== null) return false
  return !references.some(({ columns }) => columns.includes(column.name))
}

/** Those that others refer to come first. Where tables refer to each other, the order is theirs in the catalog. */
function inOrder(tables: readonly Table[]): Table[] {
  const waiting = new Map(tables.map(table => [table.oid, table]))
  const done: Table[] = []
  for (let round = 0; waiting.size > 0 && round <= tables.length; round++) {
    const ready = [...waiting.values()].filter(({ oid, references }) =>
      references.every(({ oid: other }) => other === oid || !waiting.has(other)),
    )
    const next = ready.length > 0 ? ready : [...waiting.values()].slice(0, 1)
    for (const table of next) {
      done.push(table)
      waiting.delete(table.oid)
    }
  }
  return done
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Tables whose rows are not those of another one: not partitions. */
const rooted = `c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'`

const columnsQuery = `
  SELECT c.oid, n.nspname, c.relname, a.attname, pg_catalog.format_type(b.oid, CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END),
    b.typtype, b.typcategory = 'A', a.attnotnull OR t.typnotnull,
    a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> ''
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
  WHERE ${rooted} ORDER BY c.oid, a.attnum`

const referencesQuery = `
  SELECT k.oid, conrelid, confrelid, rn.nspname, r.relname, a.attname, ra.attname
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class c ON c.oid = conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_class r ON r.oid = confrelid
  JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
  CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(conkey), pg_catalog.unnest(confkey)) WITH ORDINALITY AS u (own, target, place)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = conrelid AND a.attnum = u.own
  JOIN pg_catalog.pg_attribute ra ON ra.attrelid = confrelid AND ra.attnum = u.target
  WHERE contype = 'f' AND ${rooted} ORDER BY k.oid, u.place`

async function tablesIn(session: Session): Promise<Table[]> {
  const tables = new Map<string, Table>()
  for (const row of await session.send(columnsQuery)) {
    const [oid, schema, name, column, type, kind, isArray, isRequired, isFilled] = row.map(text => text ?? '')
    if (oid === undefined || schema === undefined || name === undefined) continue
    const table = tables.get(oid) ?? newTable(oid, schema, name)
    tables.set(oid, table)
    if (!column) continue
    table.columns.push({
      name: column,
      type: type ?? '',
      kind: kind ?? '',
      isArray: isArray === 't',
      isRequired: isRequired === 't',
      isFilled: isFilled === 't',
    })
  }
  const references = new Map<string, Reference>()
  for (const row of await session.send(referencesQuery)) addTo(references, row, tables)
  return [...tables.values()]
}

function newTable(oid: string, schema: string, name: string): Table {
  return { oid, plain: `${schema}.${name}`, name: `${quoted(schema)}.${quoted(name)}`, columns: [], references: [] }
}

function addTo(references: Map<string, Reference>, row: Row, tables: ReadonlyMap<string, Table>): void {
  const [id = '', own = '', other = '', schema = '', name = '', column = '', target = ''] = row.map(text => text ?? '')
  const known = references.get(id)
  if (known) {
    known.columns.push(column)
    known.targets.push(target)
    return
  }
  const made = { oid: other, table: `${quoted(schema)}.${quoted(name)}`, columns: [column], targets: [target] }
  references.set(id, made)
  tables.get(own)?.references.push(made)
}
