import { NotRead, told } from '../../code/given/not-read.ts'
import { isNull } from '../../code/given/value.ts'
import { functionOf, silent } from '../../code/host.ts'
import type { Offered } from '../../code/offered.ts'
import { ofKind, plain, type Text, textAt } from '../../code/text.ts'
import { type Call, known, nothing, type Value } from '../../code/value.ts'
import { inTransaction } from '../reading/execution.ts'
import { sha256, utf8 } from '../reading/hash.ts'
import { type Command, changed, commandOf, without } from './command.ts'
import { commas, Given, isSet, nameIn, namesIn, type Session, said } from './given.ts'

/**
 * Helpers of GitLab's own migrations: lib/gitlab/database/migration_helpers.rb, and migrations/constraints_helpers.rb and
 * migrations/foreign_key_helpers.rb beside it. Helpers that are missing here run code of the application.
 */
export function gitlabMethods(session: Session): Offered {
  const methods = new Map<string, Value>()
  for (const [name, work] of Object.entries(helpers))
    methods.set(
      name,
      functionOf(name, call => {
        told(session.run, call.at, () => work(new Given(session, commandOf(name, call))))
        return nothing(call.at)
      }),
    )
  for (const name of quiet) methods.set(name, silent(name))
  methods.set(
    'with_lock_retries',
    functionOf('with_lock_retries', ({ block, at, nameAt }) => {
      if (block) retried(session, nameAt, at, () => void session.run.invoke(block, [], at))
      return nothing(at)
    }),
  )
  methods.set(
    'disable_statement_timeout',
    functionOf('disable_statement_timeout', call => withoutTimeout(session, call)),
  )
  methods.set(
    'transaction_open?',
    functionOf('transaction_open?', ({ at }) => known(!session.isOutside, at)),
  )
  return methods
}

/** Declarations about a migration, which send nothing. */
const quiet = [
  'milestone',
  'restrict_gitlab_migration',
  'enable_lock_retries!',
  'skip_require_disable_ddl_transactions!',
  'set_skip_require_disable_ddl_transactions!',
]

type Helper = (given: Given) => void

const helpers: Readonly<Record<string, Helper>> = {
  add_concurrent_index: given => {
    if (isThere(given, 'index_exists?')) return
    unlimited(given, () => rails(given, 'add_index', given.command.args, concurrent(given, 'allow_partition')))
  },
  remove_concurrent_index: given =>
    unlimited(given, () => {
      const [table, columns] = given.command.args
      if (!table || !columns) throw new NotRead('it does not say which index', given.at)
      rails(given, 'remove_index', [table], new Map([...concurrent(given), ['column', columns]]))
    }),
  remove_concurrent_index_by_name: given =>
    unlimited(given, () => {
      const [table, said] = given.command.args
      const name = said ?? given.command.options.get('name')
      if (!table || name?.kind !== 'text') throw new NotRead('the name of the index is unknown', given.at)
      rails(given, 'remove_index', [table], new Map([...concurrent(given), ['name', name]]))
    }),
  add_concurrent_foreign_key: addKey,
  validate_foreign_key: given => {
    const table = given.name(0, 'the table')
    const name = given.text('name') ?? keyName(given, table, namesIn(given.arg(1), given.at, 'the column'))
    validates(given, table, name)
  },
  remove_foreign_key_if_exists: given =>
    rails(given, 'remove_foreign_key', given.command.args, without(given.command.options, ['reverse_lock_order'])),
  remove_foreign_key_without_error: given =>
    rails(given, 'remove_foreign_key', given.command.args, given.command.options),
  add_check_constraint: given =>
    addCheck(given, given.name(1, 'the condition'), given.name(2, 'the name of the constraint')),
  validate_check_constraint: given => validates(given, given.name(0, 'the table'), given.name(1, 'the constraint')),
  remove_check_constraint: given => removeCheck(given, given.name(1, 'the constraint')),
  add_not_null_constraint: given =>
    addCheck(given, given.sql`${given.name(1, 'the column')} IS NOT NULL`, checkName(given, 'not_null')),
  validate_not_null_constraint: given => validates(given, given.name(0, 'the table'), checkName(given, 'not_null')),
  remove_not_null_constraint: given => removeCheck(given, checkName(given, 'not_null')),
  add_text_limit: given => {
    const limit = given.command.args[2]
    if (limit?.kind !== 'plain') throw new NotRead('the limit is unknown', given.at)
    const condition = given.sql`char_length(${given.name(1, 'the column')}) <= ${String(limit.value)}`
    addCheck(given, condition, checkName(given, 'max_length'))
  },
  validate_text_limit: given => validates(given, given.name(0, 'the table'), checkName(given, 'max_length')),
  remove_text_limit: given => removeCheck(given, checkName(given, 'max_length')),
  add_timestamps_with_timezone: given => {
    const { options, args } = given.command
    const columns = options.has('columns')
      ? namesIn(options.get('columns'), given.at, 'the column')
      : ['created_at', 'updated_at'].map(name => given.words(name))
    const own = without(options, ['columns'], { null: given.option('null') ?? known(false, given.at) })
    for (const column of columns)
      rails(given, 'add_column', [...args.slice(0, 1), column, given.words('timestamptz')], own)
  },
}

/** A method of Rails that a helper calls. */
function rails(given: Given, name: string, args: readonly Value[], options: ReadonlyMap<string, Value>): void {
  given.session.command(changed(given.command, { name, args, options }))
}

/** Whether the database is known to have it already: the helper then leaves it. */
function isThere(given: Given, question: string): boolean {
  const asked: Command = changed(given.command, { name: question })
  const answer = given.session.command(asked)
  return answer?.kind === 'plain' && answer.value === true
}

function concurrent(given: Given, ...dropped: string[]): Map<string, Value> {
  return without(given.command.options, dropped, { algorithm: given.words('concurrently') })
}

/** `disable_statement_timeout { … }` */
function unlimited(given: Given, work: () => void): void {
  given.send(given.sql`SET statement_timeout TO 0`)
  work()
  given.send(given.sql`RESET statement_timeout`)
}

function withoutTimeout(session: Session, { block, at, nameAt }: Call): Value {
  const send = (sql: string) => session.run.send(textAt(sql, nameAt), { at })
  if (!block) {
    send('SET LOCAL statement_timeout TO 0')
    return nothing(at)
  }
  send('SET statement_timeout TO 0')
  session.run.invoke(block, [], at)
  send('RESET statement_timeout')
  return nothing(at)
}

/** `with_lock_retries`: a transaction that waits for its locks for a short time, and tries again (the first time 100 ms). */
function retried(session: Session, nameAt: Call['nameAt'], at: Call['at'], work: () => void): void {
  const all = () => {
    session.run.send(textAt("SET LOCAL lock_timeout TO '100ms'", nameAt), { at })
    work()
  }
  if (session.isOutside) session.run.inWay({ execution: inTransaction, apart: true }, all)
  else all()
}

function addKey(given: Given): void {
  const { session, sql, at, command } = given
  given.only(
    ...['column', 'on_delete', 'on_update', 'target_column', 'target_col', 'name', 'validate', 'reverse_lock_order'],
  )
  const [source, target] = [given.name(0, 'the table'), given.name(1, 'the other table')]
  const columns = namesIn(given.option('column'), at, 'the column')
  const name = given.text('name') ?? keyName(given, source, columns)
  const to = given.option('target_column') ?? given.option('target_col')
  const targets = to ? namesIn(to, at, 'the column') : [given.words('id')]
  const deletes = command.options.has('on_delete') ? action(given, 'DELETE', 'on_delete') : sql` ON DELETE CASCADE`
  const updates = action(given, 'UPDATE', 'on_update')
  retried(session, given.at, command.at, () => {
    if (given.is('reverse_lock_order')) given.send(sql`LOCK TABLE ${target}, ${source} IN SHARE ROW EXCLUSIVE MODE`)
    given.send(
      sql`ALTER TABLE ${source} ADD CONSTRAINT ${name} FOREIGN KEY (${commas(columns, at)}) REFERENCES ${target} (${commas(targets, at)})${updates}${deletes} NOT VALID;`,
    )
  })
  session.catalog.known(plain(source)).keys.push({ name: plain(name), to: plain(target), columns: columns.map(plain) })
  if (!given.has('validate') || given.is('validate')) validates(given, source, name)
}

function action(given: Given, on: string, option: string): Text {
  const value = given.option(option)
  if (!value || isNull(value) || !isSet(value, given.at)) return given.words('')
  const said_ = plain(nameIn(value, given.at, 'the action'))
  return given.words(` ON ${on} ${said_ === 'nullify' ? 'SET NULL' : said_.toUpperCase().replaceAll('_', ' ')}`)
}

function validates(given: Given, table: Text, name: Text): void {
  unlimited(given, () => given.send(given.sql`ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`))
}

function addCheck(given: Given, condition: Text, name: Text): void {
  const { session, sql, command } = given
  const table = given.name(0, 'the table')
  given.only('validate', 'constraint_name')
  retried(session, given.at, command.at, () =>
    given.send(sql`ALTER TABLE ${table} ADD CONSTRAINT ${name} CHECK ( ${condition} ) NOT VALID;`),
  )
  if (!given.has('validate') || given.is('validate')) validates(given, table, name)
}

function removeCheck(given: Given, name: Text): void {
  const table = given.name(0, 'the table')
  retried(given.session, given.at, given.command.at, () =>
    given.send(ofKind(given.sql`ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${name}`, 'check')),
  )
}

/** `check_constraint_name` */
function checkName(given: Given, type: string): Text {
  const own = given.text('constraint_name')
  if (own) return own
  const identifier = `${said(given.name(0, 'the table'))}_${said(given.name(1, 'the column'))}_check_${type}`
  return given.words(`check_${hashed(identifier)}`)
}

/** `concurrent_foreign_key_name` */
function keyName(given: Given, table: Text, columns: readonly Text[]): Text {
  return given.words(`fk_${hashed(`${said(table)}_${columns.map(said).join('_')}_fk`)}`)
}

function hashed(identifier: string): string {
  return sha256(utf8(identifier)).slice(0, 10)
}

/** `ActiveRecord::Migration[x]` that a version of GitLab's migrations extends, by lib/gitlab/database/migration.rb; null: it is unknown. */
export function railsVersionOf(version: string, source: string | null): number | null {
  const bases = new Map(
    [...(source ?? '').matchAll(/\bclass V(\d+_\d+) < (?:ActiveRecord::Migration\[([\d.]+)\]|V(\d+_\d+))/g)].map(
      ([, own = '', rails_, base]) => [own, rails_ ?? base ?? ''] as const,
    ),
  )
  let found = version.replace('.', '_')
  for (let i = 0; i < 20 && bases.has(found); i++) found = bases.get(found) ?? ''
  if (found.includes('.')) return Number(found)
  // Without that file: the versions that GitLab's own source has had.
  return ['1.0', '2.0', '2.1'].includes(version) ? 6.1 : null
}
