import { NotRead } from '../../code/given/not-read.ts'
import { conditionSql, expressionSql, indexExpressionSql } from './expression.ts'
import { isList, isMade, isNamed, type Kept, lastOf, type Made, textsOf } from './kept.ts'
import { digest, quote, splitName } from './names.ts'
import { boundField, columnNamed, type Model, quotedTable, type State, tableOf } from './state.ts'

/** Indexes and constraints that a migration describes as objects: django/db/models/indexes.py and constraints.py, contrib/postgres. */

/** The access methods of the indexes of django.contrib.postgres.indexes; an empty text: the SQL names none. */
const methods: ReadonlyMap<string, string> = new Map([
  ['Index', ''],
  ['BTreeIndex', 'btree'],
  ['BloomIndex', 'bloom'],
  ['BrinIndex', 'brin'],
  ['GinIndex', 'gin'],
  ['GistIndex', 'gist'],
  ['HashIndex', 'hash'],
  ['SpGistIndex', 'spgist'],
])

const parameters = [
  'length',
  'autosummarize',
  'pages_per_range',
  'buffering',
  'fillfactor',
  'deduplicate_items',
] as const

export function methodOf(index: Made): string {
  const method = index.path.startsWith('django.') ? methods.get(lastOf(index.path)) : undefined
  if (method === undefined) throw new NotRead(`the index \`${lastOf(index.path)}\` is not read`)
  return method
}

/** Its name, from the migration or from Index.set_name_with_model. */
export function nameOfIndex(index: Made, state: State, model: Model): string {
  const said = index.named.get('name')
  if (typeof said === 'string' && said !== '') return said
  if (said !== undefined && said !== null && said !== '') throw new NotRead('the name of the index is not known')
  const fields = fieldsOf(index)
  const columns = fields.map(([name]) => columnNamed(state, model, name))
  const [, table] = splitName(tableOf(model))
  const suffix = methodOf(index) || 'idx'
  const parts = fields.map(([, isDescending], i) => `${isDescending ? '-' : ''}${columns[i]}`)
  const made = `${table.slice(0, 11)}_${(columns[0] ?? '').slice(0, 7)}_${digest([table, ...parts, suffix], 6)}_${suffix}`
  return /^[_\d]/.test(made) ? `D${made.slice(1)}` : made
}

/** The fields of an index, and whether each is in descending order. */
function fieldsOf(index: Made): readonly (readonly [name: string, isDescending: boolean])[] {
  const said = index.named.get('fields')
  if (said !== undefined && (!isList(said) || !said.every(each => typeof each === 'string')))
    throw new NotRead('the fields of the index are not known')
  return textsOf(said).map(each => [each.replace(/^-/, ''), each.startsWith('-')])
}

/** The columns of an index; an empty list for one of expressions. */
export function columnsOfIndex(index: Made, state: State, model: Model): string[] {
  return fieldsOf(index).map(([name]) => columnNamed(state, model, name))
}

/** Index.create_sql: the SQL after the name of the index. */
export function createIndexSql(index: Made, state: State, model: Model, isConcurrent: boolean): string {
  const method = methodOf(index)
  const fields = fieldsOf(index)
  const opclasses = textsOf(index.named.get('opclasses'))
  const columns =
    fields.length > 0
      ? fields.map(([name, isDescending], i) => {
          const opclass = opclasses[i]
          const column = quote(columnNamed(state, model, name))
          return `${column}${opclass === undefined ? '' : ` ${opclass}`}${isDescending ? ' DESC' : ''}`
        })
      : index.args.map(each => indexExpressionSql(each, { state, model }))
  const extra = `${withParameters(index)}${tablespaceOf(index, state, model, fields)}`
  const condition = index.named.get('condition') ?? null
  return (
    `CREATE INDEX ${isConcurrent ? 'CONCURRENTLY ' : ''}${quote(nameOfIndex(index, state, model))} ON ${quotedTable(model)}` +
    `${method === '' ? '' : ` USING ${method}`} (${columns.join(', ')})${includeSql(index, state, model)}${extra}` +
    `${condition === null ? '' : ` WHERE ${conditionSql(condition, { state, model })}`}`
  )
}

/** PostgresIndex.get_with_params */
function withParameters(index: Made): string {
  const words: string[] = []
  const add = (name: string, value: Kept | undefined) => {
    if (value === undefined || value === null) return
    if (typeof value !== 'number' && typeof value !== 'boolean')
      throw new NotRead(`\`${name}\` of the index is not known`)
    words.push(`${name} = ${typeof value === 'boolean' ? (value ? 'on' : 'off') : value}`)
  }
  for (const name of parameters) add(name, index.named.get(name))
  add('gin_pending_list_limit', index.named.get('gin_pending_list_limit'))
  add('fastupdate', index.named.get('fastupdate'))
  const columns = index.named.get('columns')
  if (isList(columns)) for (const [i, value] of columns.entries()) add(`col${i + 1}`, value)
  return words.length === 0 ? '' : ` WITH (${words.join(', ')})`
}

function tablespaceOf(
  index: Made,
  state: State,
  model: Model,
  fields: readonly (readonly [string, boolean])[],
): string {
  const [only] = fields
  const ofField = fields.length === 1 && only ? boundField(state, model, only[0]).field.get('db_tablespace') : undefined
  const found =
    index.named.get('db_tablespace') ??
    ofField ??
    state.settings.named('DEFAULT_INDEX_TABLESPACE') ??
    model.options.get('db_tablespace')
  return typeof found === 'string' && found !== '' ? ` TABLESPACE ${quote(found)}` : ''
}

function includeSql(made: Made, state: State, model: Model): string {
  const names = textsOf(made.named.get('include'))
  return names.length === 0 ? '' : ` INCLUDE (${names.map(name => quote(columnNamed(state, model, name))).join(', ')})`
}

/** The facts that decide how a constraint is dropped. */
export interface ConstraintForm {
  readonly name: string
  readonly kind: 'check' | 'unique' | 'exclude'
  /** It is an index without a constraint. */
  readonly isIndex: boolean
}

/** A constraint as SQL, both inside of CREATE TABLE and by itself. */
export interface ConstraintSql extends ConstraintForm {
  readonly columns: readonly string[]
  /** The SQL of a constraint within a table's definition; null: it is an index, which comes after the table. */
  readonly inside: string | null
  readonly alone: string
}

/** The form of CheckConstraint, UniqueConstraint and ExclusionConstraint. Throws NotRead for other classes. */
export function constraintForm({ path, named, args }: Made): ConstraintForm {
  const name = named.get('name')
  if (typeof name !== 'string' || !path.startsWith('django.')) throw new NotRead('the constraint is not known')
  switch (lastOf(path)) {
    case 'CheckConstraint':
      return { name, kind: 'check', isIndex: false }
    case 'UniqueConstraint': {
      const hasCondition = (named.get('condition') ?? null) !== null
      const isIndex =
        hasCondition || named.has('include') || textsOf(named.get('opclasses')).length > 0 || args.length > 0
      return { name, kind: 'unique', isIndex }
    }
    case 'ExclusionConstraint':
      return { name, kind: 'exclude', isIndex: false }
    default:
      throw new NotRead(`the constraint \`${lastOf(path)}\` is not read`)
  }
}

/** The SQL of a constraint. Throws NotRead for unknown parts. */
export function constraintSql(made: Made, state: State, model: Model): ConstraintSql {
  const form = constraintForm(made)
  const { name, kind, isIndex } = form
  const table = quotedTable(model)
  const where = { state, model }
  const condition = made.named.get('condition') ?? made.named.get('check') ?? null
  switch (kind) {
    case 'check': {
      if (condition === null) throw new NotRead('the condition of the constraint is not known')
      const check = `CONSTRAINT ${quote(name)} CHECK (${conditionSql(condition, where)})`
      return { ...form, columns: [], inside: check, alone: `ALTER TABLE ${table} ADD ${check}` }
    }
    case 'unique': {
      const fields = textsOf(made.named.get('fields'))
      const columns = fields.map(each => columnNamed(state, model, each))
      const opclasses = textsOf(made.named.get('opclasses'))
      const nulls = made.named.get('nulls_distinct')
      const distinct = nulls === false ? ' NULLS NOT DISTINCT' : nulls === true ? ' NULLS DISTINCT' : ''
      const listed =
        columns.length > 0
          ? columns.map((column, i) => `${quote(column)}${opclasses[i] === undefined ? '' : ` ${opclasses[i]}`}`)
          : made.args.map(each => indexExpressionSql(each, where))
      if (listed.length === 0) throw new NotRead('the fields of the constraint are not known')
      const unique = `UNIQUE${distinct} (${listed.join(', ')})${deferrableSql(made)}`
      const index =
        `CREATE UNIQUE INDEX ${quote(name)} ON ${table} (${listed.join(', ')})${includeSql(made, state, model)}${distinct}` +
        (condition === null ? '' : ` WHERE ${conditionSql(condition, where)}`)
      return {
        ...form,
        columns,
        inside: isIndex || distinct !== '' ? null : `CONSTRAINT ${quote(name)} ${unique}`,
        alone: isIndex ? index : `ALTER TABLE ${table} ADD CONSTRAINT ${quote(name)} ${unique}`,
      }
    }
    case 'exclude': {
      const pairs = made.named.get('expressions')
      if (!isList(pairs)) throw new NotRead('the expressions of the constraint are not known')
      const parts = pairs.map(pair => {
        const [what, operator] = isList(pair) ? pair : []
        if (what === undefined) throw new NotRead('the expressions of the constraint are not known')
        const sql = isMade(what) ? indexExpressionSql(what, where) : expressionSql(what, where)
        return `${sql} WITH ${operatorOf(operator)}`
      })
      const type = made.named.get('index_type')
      const inside =
        `CONSTRAINT ${quote(name)} EXCLUDE USING ${typeof type === 'string' ? type : 'GIST'} (${parts.join(', ')})` +
        includeSql(made, state, model) +
        (condition === null ? '' : ` WHERE (${conditionSql(condition, where)})`) +
        deferrableSql(made)
      return { ...form, columns: [], inside, alone: `ALTER TABLE ${table} ADD ${inside}` }
    }
  }
}

function deferrableSql(made: Made): string {
  const said = made.named.get('deferrable') ?? null
  if (said === null) return ''
  if (isNamed(said) && said.path.endsWith('Deferrable.DEFERRED')) return ' DEFERRABLE INITIALLY DEFERRED'
  if (isNamed(said) && said.path.endsWith('Deferrable.IMMEDIATE')) return ' DEFERRABLE INITIALLY IMMEDIATE'
  // Older versions of makemigrations write it as `Deferrable['DEFERRED']`.
  throw new NotRead('it is unknown whether the constraint is deferred')
}

/** django.contrib.postgres.fields.RangeOperators */
const operators: ReadonlyMap<string, string> = new Map([
  ['EQUAL', '='],
  ['NOT_EQUAL', '<>'],
  ['CONTAINS', '@>'],
  ['CONTAINED_BY', '<@'],
  ['OVERLAPS', '&&'],
  ['FULLY_LT', '<<'],
  ['FULLY_GT', '>>'],
  ['NOT_LT', '&>'],
  ['NOT_GT', '&<'],
  ['ADJACENT_TO', '-|-'],
])

function operatorOf(said: Kept | undefined): string {
  if (typeof said === 'string') return said
  const found = isNamed(said) ? operators.get(lastOf(said.path)) : undefined
  if (found === undefined) throw new NotRead('an operator of the constraint is not known')
  return found
}
