/**
 * Types of columns as Liquibase writes them for PostgreSQL: liquibase.datatype.core (4.33).
 */
export function typeOf(written: string): string {
  const said = withoutJava(written.trim())
  const parts = partsOf(said)
  if (!parts) return said
  const { name, given, zone, array } = parts
  const key = name.toLowerCase().split(/\s/).filter(Boolean).join(' ')
  // Types of arrays are unknown to it, and it writes unknown types in upper case.
  if (array !== '') return given === null && zone === '' ? `${name.toUpperCase()}[]` : said
  const parameters = given === null ? '' : `(${given.join(', ')})`
  const isZoned = /^with\b/i.test(zone)
  if (timestamps.has(key))
    return `TIMESTAMP${parameters} ${isZoned || key === 'timestamptz' ? 'WITH' : 'WITHOUT'} TIME ZONE`
  if (key === 'time') return `TIME${parameters} ${isZoned ? 'WITH' : 'WITHOUT'} TIME ZONE`
  const changed = names.get(key)
  const rest = zone === '' ? '' : ` ${zone}`
  if (changed === undefined) return `${name.toUpperCase()}${parameters}${rest}`
  return `${changed}${parametersKept.has(changed) && key !== 'currency' && key !== 'money' ? parameters : ''}${rest}`
}

/** Types whose columns count by themselves: DataTypeFactory takes them for `autoIncrement`. */
export function isSerial(written: string): boolean {
  return /^(?:(?:small|big)?serial|serial[248])$/i.test(written.trim())
}

const timestamps = new Set([
  'timestamp',
  'datetime',
  'datetime2',
  'smalldatetime',
  'java.util.date',
  'java.sql.timestamp',
  'timestamptz',
])

/** `java.sql.Types.VARCHAR(10)` is `VARCHAR(10)`. */
function withoutJava(written: string): string {
  const prefix = 'java.sql.types.'
  if (!written.toLowerCase().startsWith(prefix)) return written
  const rest = written.slice(prefix.length)
  const [name = ''] = /^\w+/.exec(rest) ?? []
  return `${javaTypes.get(name.toUpperCase()) ?? name}${rest.slice(name.length)}`
}

/** A name, parameters in parentheses, `with time zone` and `[]`; null: the type has another form. */
function partsOf(said: string) {
  const array = said.endsWith('[]') ? '[]' : ''
  const whole = said.slice(0, said.length - array.length).trimEnd()
  const zoneAt = whole.search(/\bwith(?:out)?\b/i)
  const head = (zoneAt < 0 ? whole : whole.slice(0, zoneAt)).trimEnd()
  const open = head.indexOf('(')
  const name = (open < 0 ? head : head.slice(0, open)).trimEnd()
  if (!/^[\w. ]+$/.test(name) || (open >= 0 && !head.endsWith(')'))) return null
  const given =
    open < 0
      ? null
      : head
          .slice(open + 1, -1)
          .split(',')
          .map(withoutUnit)
  return { name, given, zone: zoneAt < 0 ? '' : whole.slice(zoneAt), array }
}

/** `10 CHAR` is `10`: PostgreSQL counts characters. */
function withoutUnit(parameter: string): string {
  const said = parameter.trim()
  return /\dchar$|\d char$/i.test(said) ? said.slice(0, -4).trimEnd() : said
}

/** Names of types that become another one. */
const names: ReadonlyMap<string, string> = new Map<string, string>(
  Object.entries({
    BIGINT: 'bigint integer8 bigserial serial8 int8 java.lang.Long java.math.BigInteger',
    INTEGER: 'int integer serial int4 serial4 java.lang.Integer',
    SMALLINT: 'smallint int2 smallserial serial2 tinyint java.lang.Short',
    BOOLEAN: 'boolean bool java.lang.Boolean',
    BIT: 'bit',
    TEXT: 'clob longvarchar text longtext nclob longnvarchar ntext tinytext mediumtext',
    OID: 'blob',
    BYTEA: 'bytea longvarbinary varbinary binary image tinyblob mediumblob longblob',
    VARCHAR: 'varchar varchar2 nvarchar nvarchar2 java.lang.String',
    CHAR: 'char nchar character',
    'DOUBLE PRECISION': 'double java.lang.Double',
    FLOAT: 'float java.lang.Float',
    REAL: 'real',
    numeric: 'number numeric',
    DECIMAL: 'decimal currency money java.math.BigDecimal',
    UUID: 'uuid uniqueidentifier java.util.UUID',
    date: 'date java.sql.Date',
  }).flatMap(([type, all]) => all.split(' ').map((name): [string, string] => [name.toLowerCase(), type])),
).set('character varying', 'VARCHAR')

const parametersKept = new Set(['BIT', 'VARCHAR', 'CHAR', 'FLOAT', 'numeric', 'DECIMAL'])

const javaTypes: ReadonlyMap<string, string> = new Map([
  ['NUMERIC', 'number'],
  ['LONGVARCHAR', 'clob'],
  ['NVARCHAR', 'nvarchar'],
  ['TIMESTAMP_WITH_TIMEZONE', 'timestamptz'],
  ['LONGVARBINARY', 'longvarbinary'],
])
