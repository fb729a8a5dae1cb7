import { joined, ofKind, plain, type Text } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { ConstraintKind } from '../../parse/constraint-kind.ts'
import { deferred } from './foreign-key.ts'
import type { Operation } from './given.ts'
import { column, commas, type Given, nameIn, namesIn, said, table } from './given.ts'
import { checkName, exclusionName, uniqueName } from './name.ts'

/** Constraints of a table other than foreign keys, as written in CREATE TABLE. The options are those of the call. */

export function checkSql(given: Given, name: Text, expression: Value | undefined): Text {
  given.only('name', 'validate', 'if_not_exists')
  const what = nameIn(expression, given.at, 'the condition')
  const own = given.text('name') ?? given.words(checkName(said(name), said(what)))
  given.session.catalog.known(plain(name)).constraints.add(plain(own))
  const sql = given.sql`CONSTRAINT ${own} CHECK (${what})`
  return given.has('validate') && !given.is('validate') ? given.sql`${sql} NOT VALID` : sql
}

export function uniqueSql(given: Given, name: Text, columns: Value | undefined): Text {
  const { sql, at } = given
  given.only('name', 'deferrable', 'using_index', 'nulls_not_distinct')
  const using = given.text('using_index')
  const names = columns ? namesIn(columns, at, 'the column') : []
  const own = given.text('name') ?? given.words(uniqueName(said(name), using ? [said(using)] : names.map(said)))
  given.session.catalog.known(plain(name)).constraints.add(plain(own))
  const defers = deferred(given, given.option('deferrable'))
  const parts = [sql`CONSTRAINT ${column(own)} UNIQUE`]
  if (given.is('nulls_not_distinct')) parts.push(sql`NULLS NOT DISTINCT`)
  parts.push(using ? sql`USING INDEX ${column(using)}` : sql`(${commas(names.map(column), at)})`)
  if (defers) parts.push(defers)
  return joined(parts, given.words(' '))
}

export function exclusionSql(given: Given, name: Text, expression: Value | undefined): Text {
  const { sql } = given
  given.only('name', 'using', 'where', 'deferrable')
  const what = nameIn(expression, given.at, 'the expression')
  const own = given.text('name') ?? given.words(exclusionName(said(name), said(what)))
  given.session.catalog.known(plain(name)).constraints.add(plain(own))
  const [using, where, defers] = [given.text('using'), given.text('where'), deferred(given, given.option('deferrable'))]
  const parts = [sql`CONSTRAINT ${column(own)} EXCLUDE`]
  if (using) parts.push(sql`USING ${using}`)
  parts.push(sql`(${what})`)
  if (where) parts.push(sql`WHERE (${where})`)
  if (defers) parts.push(defers)
  return joined(parts, given.words(' '))
}

type Making = (given: Given, name: Text, of: Value | undefined) => Text

function adds(make: Making): Operation {
  return given => {
    const { catalog, run } = given.session
    const name = given.name(0, 'the table')
    const before = [...(catalog.table(plain(name))?.constraints ?? [])]
    const made = given.sql`ALTER TABLE ${table(name, given.at)} ADD ${make(given, name, given.command.args[1])}`
    // Rails asks the database whether one with this name exists.
    const isNew = [...(catalog.table(plain(name))?.constraints ?? [])].length > before.length
    const isThere = given.is('if_not_exists') ? catalog.has(plain(name), () => !isNew) : false
    if (isThere === null) run.perhaps(() => given.send(made))
    else if (!isThere) given.send(made)
    return undefined
  }
}

/** The name of a constraint: the given one, or the one that Rails makes. */
function removes(
  words: 'DROP CONSTRAINT' | 'VALIDATE CONSTRAINT',
  nameOf: (given: Given, name: Text) => string,
  kind?: ConstraintKind,
): Operation {
  return given => {
    const name = given.name(0, 'the table')
    const own = given.text('name') ?? given.words(nameOf(given, name))
    const exists = words === 'DROP CONSTRAINT' && given.is('if_exists') ? ' IF EXISTS' : ''
    given.send(ofKind(given.sql`ALTER TABLE ${table(name, given.at)} ${words}${exists} ${column(own)}`, kind))
    if (words === 'DROP CONSTRAINT') given.session.catalog.table(plain(name))?.constraints.delete(plain(own))
    return undefined
  }
}

const ofCheck = (given: Given, name: Text) =>
  checkName(said(name), said(nameIn(given.arg(1) ?? given.option('expression'), given.at, 'the condition')))
const ofExclusion = (given: Given, name: Text) => exclusionName(said(name), said(given.name(1, 'the expression')))
const ofUnique = (given: Given, name: Text) =>
  uniqueName(said(name), namesIn(given.arg(1) ?? given.option('using_index'), given.at, 'the column').map(said))

const validate: Operation = given => {
  const name = given.name(0, 'the table')
  given.send(
    given.sql`ALTER TABLE ${table(name, given.at)} VALIDATE CONSTRAINT ${column(given.name(1, 'the constraint'))}`,
  )
  return undefined
}

export const constraints: Readonly<Record<string, Operation>> = {
  add_check_constraint: adds(checkSql),
  remove_check_constraint: removes('DROP CONSTRAINT', ofCheck, 'check'),
  validate_check_constraint: removes('VALIDATE CONSTRAINT', ofCheck),
  validate_constraint: validate,
  add_unique_constraint: adds(uniqueSql),
  remove_unique_constraint: removes('DROP CONSTRAINT', ofUnique, 'unique'),
  add_exclusion_constraint: adds(exclusionSql),
  remove_exclusion_constraint: removes('DROP CONSTRAINT', ofExclusion, 'exclusion'),
}
