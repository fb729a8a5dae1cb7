import { NotRead } from '../../code/given/not-read.ts'
import { literalOf } from './default.ts'
import { columnOf, fieldOf, isNullable } from './field.ts'
import { isList, isMade, isNamed, type Kept, lastOf, type Made } from './kept.ts'
import { plainLiteral, stringLiteral } from './literal.ts'
import { quote } from './names.ts'
import { type Bound, boundField, type Model, type State } from './state.ts'
import { columnType } from './types.ts'

/**
 * Django's expressions as it compiles them for an index, a constraint or a default: Query.build_where without joins, and Func.as_sql.
 * Unknown parts throw NotRead.
 */

export interface Where {
  readonly state: State
  readonly model: Model
}

/** A condition: `Q(a__gt=1) | Q(b=None)`. */
export function conditionSql(condition: Kept, where: Where): string {
  const sql = node(condition, where, false)
  if (sql === null) throw new NotRead('a condition that is always true, or never')
  return sql
}

/** WhereNode.as_sql; null: it is empty. */
function node(value: Kept, where: Where, isNegated: boolean): string | null {
  if (!isMade(value)) throw new NotRead('a part of the condition is unknown')
  switch (value.path) {
    case '.__and__':
    case '.__or__':
      return together(value.args, value.path === '.__and__' ? 'AND' : 'OR', false, where, isNegated)
    case '.__invert__':
      return together(value.args, 'AND', true, where, isNegated)
    default:
  }
  if (lastOf(value.path) !== 'Q') {
    const sql = expressionSql(value, where)
    return sql
  }
  const connector = value.named.get('_connector') ?? 'AND'
  if (connector !== 'AND' && connector !== 'OR') throw new NotRead('a part of the condition is unknown')
  const children: Kept[] = [...value.args]
  // Django sorts named arguments.
  const named = [...value.named].filter(([name]) => !name.startsWith('_')).sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [name, each] of named) children.push([name, each])
  return together(children, connector, value.named.get('_negated') === true, where, isNegated)
}

function together(
  children: readonly Kept[],
  connector: 'AND' | 'OR',
  isInverted: boolean,
  where: Where,
  isNegated: boolean,
): string | null {
  const now = isNegated !== isInverted
  // Q._combine: conditions that are joined in the same way are one condition.
  const flat = children.flatMap(child => flattened(child, connector))
  const parts = flat.flatMap(child => {
    if (!isList(child)) return node(child, where, now) ?? []
    const [name, value] = child
    if (typeof name !== 'string' || value === undefined) throw new NotRead('a part of the condition is unknown')
    const own = lookup(name, value, where, now)
    return connector === 'AND' || own.length === 1 ? own : `(${own.join(' AND ')})`
  })
  if (parts.length === 0) return null
  const sql = parts.join(` ${connector} `)
  if (isInverted) return `NOT (${sql})`
  return parts.length > 1 ? `(${sql})` : sql
}

function flattened(child: Kept, connector: 'AND' | 'OR'): readonly Kept[] {
  if (!isMade(child)) return [child]
  if (child.path === (connector === 'AND' ? '.__and__' : '.__or__'))
    return child.args.flatMap(each => flattened(each, connector))
  const isPlain = lastOf(child.path) === 'Q' && child.named.get('_negated') !== true
  const own = child.named.get('_connector') ?? 'AND'
  const named = [...child.named].filter(([name]) => !name.startsWith('_'))
  const count = child.args.length + named.length
  if (!isPlain || (own !== connector && count !== 1)) return [child]
  return [...child.args, ...named.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]): Kept => [name, each])]
}

const comparisons: ReadonlyMap<string, string> = new Map([
  ['gt', '>'],
  ['gte', '>='],
  ['lt', '<'],
  ['lte', '<='],
])

/** The operator of each lookup in texts, and the pattern around the text. */
const patterns: ReadonlyMap<string, readonly [operator: string, before: string, after: string, isUpper: boolean]> =
  new Map([
    ['contains', ['LIKE', '%', '%', false]],
    ['icontains', ['LIKE', '%', '%', true]],
    ['startswith', ['LIKE', '', '%', false]],
    ['istartswith', ['LIKE', '', '%', true]],
    ['endswith', ['LIKE', '%', '', false]],
    ['iendswith', ['LIKE', '%', '', true]],
  ])

/** `status__in`: a field, and how it is compared. One condition, or two that both have to hold. */
function lookup(path: string, value: Kept, where: Where, isNegated: boolean): string[] {
  const [name = '', ...rest] = path.split('__')
  const bound = boundField(where.state, where.model, name)
  const how = rest.length === 0 ? 'exact' : rest.length === 1 ? (rest[0] ?? '') : ''
  const column = quote(columnOf(bound.field))
  const sql = compared(bound, column, how, value, where)
  const isNull = how === 'isnull' ? value === true : value === null
  // Query.build_filter: NOT needs the check for NULL, because the negation of NULL is NULL.
  const needsMore = isNegated && how !== 'isnull' && !isNull && isNullable(bound.field)
  return needsMore ? [sql, `${column} IS NOT NULL`] : [sql]
}

function compared(bound: Bound, column: string, how: string, value: Kept, where: Where): string {
  if ((how === 'exact' || how === 'iexact') && value === null) return `${column} IS NULL`
  const operator = comparisons.get(how)
  switch (how) {
    case 'isnull':
      if (typeof value !== 'boolean') break
      return `${column} IS ${value ? '' : 'NOT '}NULL`
    case 'exact':
      if (bound.field.kind === 'BooleanField' && typeof value === 'boolean') return value ? column : `NOT ${column}`
      return `${column} = ${right(bound, value, where)}`
    case 'in':
      if (!isList(value) || value.length === 0) break
      return `${column} IN (${value
        .filter(item => item !== null)
        .map(item => right(bound, item, where))
        .join(', ')})`
    case 'range':
      if (!isList(value) || value.length !== 2) break
      return `${column} BETWEEN ${value.map(item => right(bound, item, where)).join(' AND ')}`
    case 'iexact':
      if (typeof value !== 'string') break
      return `UPPER(${column}::text) = UPPER(${stringLiteral(value)})`
    case 'regex':
    case 'iregex':
      if (typeof value !== 'string') break
      return `${column}::text ${how === 'regex' ? '~' : '~*'} ${stringLiteral(value)}`
    default:
  }
  if (operator !== undefined) return `${column} ${operator} ${right(bound, value, where)}`
  const pattern = patterns.get(how)
  if (pattern && typeof value === 'string' && bound.field.kind !== 'ArrayField' && bound.field.kind !== 'JSONField') {
    const [like, before, after, isUpper] = pattern
    const text = stringLiteral(`${before}${value.replace(/[\\%_]/g, '\\$&')}${after}`)
    return isUpper ? `UPPER(${column}::text) ${like} UPPER(${text})` : `${column}::text ${like} ${text}`
  }
  throw new NotRead(`the condition \`${how}\` is not read`)
}

/** The right side of a comparison: a value as the field writes it, or an expression in parentheses. */
function right(bound: Bound, value: Kept, where: Where): string {
  if (isMade(value) && isExpression(value)) {
    const sql = expressionSql(value, where)
    return sql.startsWith('(') ? sql : `(${sql})`
  }
  const sql = literalOf(bound, value)
  if (sql === null || sql.includes('${')) throw new NotRead('the compared value is unknown')
  return sql
}

function isExpression({ path }: Made): boolean {
  return path.startsWith('.') || (path.startsWith('django.') && !/\.(?:timezone|datetime)\./.test(path))
}

/** Functions of django.db.models.functions that become a function with the same arguments. */
const functions: ReadonlyMap<string, string> = new Map([
  ['Abs', 'ABS'],
  ['Ceil', 'CEILING'],
  ['Chr', 'CHR'],
  ['Coalesce', 'COALESCE'],
  ['Floor', 'FLOOR'],
  ['Greatest', 'GREATEST'],
  ['LTrim', 'LTRIM'],
  ['Least', 'LEAST'],
  ['Length', 'LENGTH'],
  ['Lower', 'LOWER'],
  ['MD5', 'MD5'],
  ['NullIf', 'NULLIF'],
  ['Ord', 'ASCII'],
  ['RTrim', 'RTRIM'],
  ['Replace', 'REPLACE'],
  ['Reverse', 'REVERSE'],
  ['Trim', 'TRIM'],
  ['Upper', 'UPPER'],
])

/** An expression: a column, a value, a function of them. */
export function expressionSql(value: Kept, where: Where | null): string {
  if (typeof value === 'string') return columnSql(value, where)
  if (!isMade(value)) throw new NotRead('an expression of it is not known')
  const [first] = value.args
  const name = value.path.startsWith('.') ? value.path : lastOf(value.path)
  if (!value.path.startsWith('.') && !value.path.startsWith('django.')) throw new NotRead(`\`${name}\` is not read`)
  const inner = functions.get(name)
  if (inner !== undefined) return `${inner}(${value.args.map(each => expressionSql(each, where)).join(', ')})`
  switch (name) {
    case 'F':
      if (typeof first === 'string') return columnSql(first, where)
      break
    case 'Value': {
      const literal = plainLiteral(first ?? null)
      if (literal !== null) return literal
      break
    }
    case 'Now':
      return 'STATEMENT_TIMESTAMP()'
    case 'TransactionNow':
      return 'CURRENT_TIMESTAMP'
    case 'RandomUUID':
      return 'GEN_RANDOM_UUID()'
    case 'Cast': {
      const output = value.args[1] ?? value.named.get('output_field')
      if (first === undefined || !isMade(output) || !where) break
      const { type } = columnType({ ...where, field: fieldOf('cast', output) })
      if (type !== null) return `(${expressionSql(first, where)})::${type}`
      break
    }
    case 'Collate':
      if (first !== undefined && typeof value.args[1] === 'string')
        return `${expressionSql(first, where)} COLLATE ${quote(value.args[1])}`
      break
    case 'OpClass': {
      const own = value.args[1] ?? value.named.get('name')
      if (first !== undefined && typeof own === 'string') return `${expressionSql(first, where)} ${own}`
      break
    }
    case 'Q':
    case '.__and__':
    case '.__or__':
    case '.__invert__': {
      const sql = where ? node(value, where, false) : null
      if (sql !== null) return sql
      break
    }
    default:
  }
  throw new NotRead(`the expression \`${name.replace(/^\./, '')}\` is not read`)
}

function columnSql(name: string, where: Where | null): string {
  if (!where) throw new NotRead('it depends on a column')
  return quote(columnOf(boundField(where.state, where.model, name).field))
}

/** IndexExpression: an expression that is not a column gets parentheses, before its order and operator class. */
export function indexExpressionSql(value: Kept, where: Where): string {
  if (isMade(value)) {
    const [first] = value.args
    const name = value.path.startsWith('.') ? value.path : lastOf(value.path)
    const isDescending = name === '.desc' || (name === 'OrderBy' && value.named.get('descending') === true)
    if (first !== undefined && (isDescending || name === '.asc' || name === 'OrderBy')) {
      const nulls =
        value.named.get('nulls_first') === true
          ? ' NULLS FIRST'
          : value.named.get('nulls_last') === true
            ? ' NULLS LAST'
            : ''
      return `${indexExpressionSql(first, where)} ${isDescending ? 'DESC' : 'ASC'}${nulls}`
    }
    if (name === 'OpClass' && first !== undefined) {
      const own = value.args[1] ?? value.named.get('name')
      if (typeof own === 'string') return `${indexExpressionSql(first, where)} ${own}`
    }
    if (name === 'Collate' && first !== undefined && typeof value.args[1] === 'string')
      return `${indexExpressionSql(first, where)} COLLATE ${quote(value.args[1])}`
    if (name === 'F') return expressionSql(value, where)
  }
  const sql = expressionSql(value, where)
  return typeof value === 'string' ? sql : `(${sql})`
}

/** BaseDatabaseSchemaEditor.db_default_sql: a value as it is, an expression in parentheses. Throws NotRead. */
export function databaseDefaultSql(bound: Bound, said: Kept): string {
  if (isMade(said) && lastOf(said.path) === 'Value' && said.path.startsWith('django.')) {
    const sql = literalOf(bound, said.args[0] ?? null)
    return sql ?? 'NULL'
  }
  if (isMade(said) && isExpression(said)) return `(${expressionSql(said, null)})`
  if (isNamed(said)) throw new NotRead('its default in the database is not known')
  const sql = literalOf(bound, said) ?? 'NULL'
  // ArrayField.get_placeholder
  const type = bound.field.kind === 'ArrayField' ? columnType(bound).type : null
  return type === null ? sql : `${sql}::${type}`
}
