/**
 * Casts whose result depends on settings of the session, such as the time zone. Read from pg_cast and pg_proc of PostgreSQL 18: the types'
 * internal names, source and target.
 */
const stableCasts: ReadonlySet<string> = new Set([
  'bpchar xml',
  'date timestamptz',
  'int4 money',
  'int8 money',
  'money numeric',
  'numeric money',
  'text regclass',
  'text xml',
  'time timetz',
  'timestamp timestamptz',
  'timestamptz date',
  'timestamptz time',
  'timestamptz timestamp',
  'timestamptz timetz',
  'varchar regclass',
  'varchar xml',
])

const texts: ReadonlySet<string> = new Set(['bpchar', 'text', 'varchar'])

/** Types whose text is written or read by the settings of the session, and that have no other cast from or to text. */
const written: ReadonlySet<string> = new Set(['date', 'interval', 'money', 'timestamp', 'timestamptz'])
const read: ReadonlySet<string> = new Set([...written, 'time', 'timetz'])

/** True for a cast, explicit or not, that is not immutable. The types are PostgreSQL's own, by their internal names. */
export function isStableCast(source: string, target: string): boolean {
  if (texts.has(target)) return written.has(source)
  if (texts.has(source) && read.has(target)) return true
  return stableCasts.has(`${source} ${target}`)
}
