import { NotRead } from '../../code/given/not-read.ts'
import { listed } from '../../code/given/sql.ts'
import { plain, quoted, replaced, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Given } from './given.ts'
import { isSerial, typeOf } from './type.ts'

/** The SQL of liquibase.change.ColumnConfig and ConstraintsConfig on PostgreSQL: CreateTableGenerator, AddColumnGenerator (4.33). */

export interface Column {
  readonly name: Text
  /** The name, the type, the default and the rest of the column's definition. */
  readonly sql: Text
  readonly isNotNull: boolean
  readonly isPrimaryKey: boolean
  readonly constraints: Given | null
  readonly remarks: Text | null
  /** The value that all rows get after the column is added. */
  readonly value: Text | null
}

/** `schema`: that of its table, for sequences without one. `isOfTable`: a new table takes `serial` for an identity, `addColumn` does not. */
export function columnOf(column: Given, schema: Text | null, isOfTable: boolean): Column {
  column.passOver(['position', 'beforeColumn', 'afterColumn', 'descending', 'computed'])
  const name = column.required('name')
  const constraints = column.parts('constraints').at(0) ?? null
  const isIdentity = column.isTrue('autoIncrement')
  const written = column.required('type')
  const type = withType(written)
  const said = valueIn(column, 'defaultValue', { schema, isArray: plain(type).endsWith('[]') })
  column.passOver(['defaultValueConstraintName'])
  // An identity cannot have another default.
  const standard = said && !isIdentity ? column.sql` DEFAULT ${said}` : ''
  const isPrimaryKey = constraints?.isTrue('primaryKey') ?? false
  const isNotNull = constraints?.word('nullable')?.toLowerCase() === 'false'
  const own = column.sql`${column.name(name)} ${type}${standard}${isIdentity || (isOfTable && isSerial(plain(written))) ? identity(column) : ''}`
  const value = valueIn(column, 'value', { schema })
  const found = { name, isPrimaryKey, constraints, remarks: column.text('remarks'), value }
  column.finish()
  return { ...found, isNotNull, sql: own }
}

/** `NOT NULL`, which only `addColumn` gives its name. */
export function notNull({ constraints, isPrimaryKey }: Column, isOfTable: boolean): Text | '' {
  const isNotNull = isPrimaryKey || constraints?.word('nullable')?.toLowerCase() === 'false'
  if (!constraints || !isNotNull) return ''
  const name = constraints.text('notNullConstraintName')
  return name && !isOfTable
    ? constraints.sql` CONSTRAINT ${constraints.name(name)} NOT NULL`
    : constraints.sql` NOT NULL`
}

function withType(type: Text): Text {
  const why = unknownIn(type)
  if (why !== null) throw new NotRead(`its type is not known: ${why}`)
  const written = plain(type)
  const said = typeOf(written)
  return said === written ? type : textAt(said, type.pieces[0]?.at ?? [0, 0])
}

export function typeIn(given: Given, name: string): Text {
  return withType(given.required(name))
}

function identity(column: Given): Text {
  const kind = column.word('generationType')?.toUpperCase() ?? 'BY DEFAULT'
  const [start, by] = [column.word('startWith'), column.word('incrementBy')]
  const options = [start && `START WITH ${start}`, by && `INCREMENT BY ${by}`].filter(
    each => each !== null && each !== '',
  )
  return column.sql` GENERATED ${kind} AS IDENTITY${options.length > 0 ? ` (${options.join(' ')})` : ''}`
}

/** Values of `<column>` that matter only where the column is made: Liquibase itself writes them into others, such as those of an index. */
export const defaultsOfColumn: readonly string[] = [
  '',
  ...['Numeric', 'Boolean', 'Date', 'Computed', 'SequenceNext', 'SequenceCurrent', 'ConstraintName'],
].map(kind => `defaultValue${kind}`)

/** The column that a value is for. */
interface Target {
  /** The schema of its table. */
  readonly schema: Text | null
  readonly isArray?: boolean
}

/** `defaultValue`, `defaultValueNumeric`, `defaultValueBoolean`, `defaultValueDate`, `defaultValueComputed` and what follows; null: none. */
export function valueIn(given: Given, name: string, { schema, isArray }: Target): Text | null {
  const text = given.text(name)
  if (text) return constant(text)
  const number = given.text(`${name}Numeric`)
  // Types of arrays are unknown to Liquibase.
  if (number) return isArray ? constant(number) : number
  const truth = given.text(`${name}Boolean`)
  if (truth) return textAt(/^(?:true|1)$/i.test(plain(truth)) ? 'TRUE' : 'FALSE', truth.pieces[0]?.at ?? given.at)
  const date = given.text(`${name}Date`)
  if (date) return /^[\d\s:T.+-]+$/.test(plain(date)) ? constant(date) : computed(date)
  const expression = given.text(`${name}Computed`)
  if (expression) return computed(expression)
  const sequence = given.text(`${name}SequenceNext`)
  if (sequence) return given.sql`nextval(${quoted(given.inSchema(sequence, schema), "'")})`
  const last = given.text(`${name}SequenceCurrent`)
  return last ? given.sql`currval(${quoted(given.inSchema(last, schema), "'")})` : null
}

/** Liquibase has one word for the current time, whatever follows it (generateDatabaseFunctionValue of AbstractJdbcDatabase). */
function computed(text: Text): Text {
  const isTime = /^(?:current_(?:timestamp|datetime)|now\(\)$)/i.test(plain(text))
  return isTime ? textAt('NOW()', text.pieces[0]?.at ?? [0, 0]) : text
}

/** `null` in any letter case means none, as in the tool. */
function constant(text: Text): Text {
  return /^null$/i.test(plain(text))
    ? replaced(text, /null/gi, () => textAt('NULL', text.pieces[0]?.at ?? [0, 0]))
    : quoted(known(text), "'")
}

/** A parameter of the run changes only the value: Liquibase puts it in before it quotes the text, and leaves one that is not given as it is. */
function known(text: Text): Text {
  return { kind: 'text', pieces: text.pieces.map(({ unknown, ...piece }) => piece) }
}

/** The constraints of a new table: primary key, foreign keys, unique constraints, in this order. */
export function tableConstraints(table: Given, columns: readonly Column[], name: string): Text[] {
  const { sql } = table
  const keys = columns.filter(({ isPrimaryKey }) => isPrimaryKey)
  const found: Text[] = []
  const [key] = keys
  if (key?.constraints) {
    const given = key.constraints.text('primaryKeyName')
    const made = given ?? textAt(`${name}_pkey`, table.part.nameAt)
    const space = key.constraints.word('primaryKeyTablespace')
    const listOfKeys = listed(
      keys.map(each => table.name(each.name)),
      table.part.nameAt,
    )
    found.push(
      sql`CONSTRAINT ${table.name(made)} PRIMARY KEY (${listOfKeys})${space === null ? '' : ` USING INDEX TABLESPACE ${space}`}`,
    )
  }
  for (const column of columns) {
    const reference = column.constraints && foreignKey(column.constraints, column, 'table')
    if (reference) found.push(reference)
  }
  const uniques = new Map<string, { readonly named: Text | null; readonly columns: Text[] }>()
  for (const [i, { constraints, name: column }] of columns.entries()) {
    if (!constraints?.isTrue('unique')) continue
    const named = constraints.text('uniqueConstraintName')
    const id = named ? `name ${plain(named)}` : `column ${i}`
    const group = uniques.get(id) ?? { named, columns: [] }
    group.columns.push(table.name(column))
    uniques.set(id, group)
  }
  const all = [...uniques.values()]
  const groups = [...all.filter(({ named }) => !named), ...all.filter(({ named }) => named)]
  for (const { named, columns: own } of groups)
    found.push(sql`${named ? sql`CONSTRAINT ${table.name(named)} ` : ''}UNIQUE (${listed(own, table.part.nameAt)})`)
  return found
}

/** The foreign key that a column's constraints describe; null: there is none. */
export function foreignKey(constraints: Given, { name: column }: Column, kind: 'table' | 'column'): Text | null {
  const named = constraints.text('foreignKeyName')
  const [references, table] = [constraints.text('references'), constraints.text('referencedTableName')]
  if (!references && !table) return null
  if (!named) throw new NotRead('`foreignKeyName` is missing', constraints.part.nameAt)
  const { sql } = constraints
  constraints.passOver(['referencedTableCatalogName'])
  const schema = constraints.text('referencedTableSchemaName')
  const columns = constraints.text('referencedColumnNames')
  const target = table
    ? sql`${constraints.inSchema(table, schema)}${columns ? sql`(${constraints.names(columns)})` : ''}`
    : references && !plain(references).includes('.')
      ? sql`${constraints.name(textAt(constraints.changelog.schema, constraints.part.nameAt))}.${references}`
      : (references ?? '')
  const cascade = constraints.isTrue('deleteCascade') ? ' ON DELETE CASCADE' : ''
  const deferred = constraints.isTrue('initiallyDeferred') ? ' INITIALLY DEFERRED' : ''
  const deferrable = constraints.isTrue('deferrable') ? ' DEFERRABLE' : ''
  // AddForeignKeyConstraintGenerator writes them in the opposite order.
  const when = kind === 'table' ? `${deferred}${deferrable}` : `${deferrable}${deferred}`
  return sql`CONSTRAINT ${constraints.name(named)} FOREIGN KEY (${constraints.name(column)}) REFERENCES ${target}${cascade}${when}`
}

/** Checks that everything in a column's constraints was read or has no effect on PostgreSQL. */
export function finishConstraints(constraints: Given | null): void {
  constraints?.passOver([
    'primaryKey',
    'nullable',
    'unique',
    'validateNullable',
    'validateUnique',
    'validatePrimaryKey',
    'validateForeignKey',
    'checkConstraint',
  ])
  constraints?.finish()
}
