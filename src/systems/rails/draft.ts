import { NotRead, told } from '../../code/given/not-read.ts'
import { isNull } from '../../code/given/value.ts'
import { functionOf } from '../../code/host.ts'
import { madeWhenAsked } from '../../code/offered.ts'
import { plain, type Text } from '../../code/text.ts'
import { type Host, known, nothing, type Value } from '../../code/value.ts'
import { append } from '../../parse/list.ts'
import { type ColumnOf, columnSql, commentOn, timestamps } from './column.ts'
import { commandOf, without } from './command.ts'
import { checkSql, exclusionSql, uniqueSql } from './constraint.ts'
import { keySql } from './foreign-key.ts'
import type { Session } from './given.ts'
import { commas, Given, isSet, nameIn, namesIn } from './given.ts'
import { asIndex, indexSql } from './index-of.ts'
import { referenceOf } from './reference.ts'
import { columnMethods, typeIn } from './type.ts'

/** A table that a block describes: TableDefinition of abstract/schema_definitions.rb and its PostgreSQL part. */
export class Draft {
  readonly name: Text
  readonly #session: Session
  readonly #columns: Text[] = []
  readonly #types = new Map<string, string>()
  readonly #indexes: (() => Text[])[] = []
  readonly #keys: (() => Text)[] = []
  readonly #checks: Text[] = []
  readonly #exclusions: Text[] = []
  readonly #uniques: Text[] = []
  readonly #comments: Text[] = []
  #key: Text | null = null
  #sequence: string | null = null

  constructor(session: Session, name: Text) {
    this.#session = session
    this.name = name
  }

  /** The column of a primary key that has a sequence. */
  get sequence(): string | null {
    return this.#sequence
  }

  get types(): ReadonlyMap<string, string> {
    return this.#types
  }

  /** `(…)` of the statement; undefined: it would be empty. */
  body(given: Given): Text | undefined {
    const parts = [
      ...this.#columns,
      ...(this.#key ? [this.#key] : []),
      ...this.#keys.map(make => make()),
      ...this.#checks,
      ...this.#exclusions,
      ...this.#uniques,
    ]
    return parts.length > 0 ? given.sql`(${commas(parts, given.at)})` : undefined
  }

  indexes(): Text[] {
    return this.#indexes.flatMap(make => make())
  }

  get comments(): readonly Text[] {
    return this.#comments
  }

  keys(given: Given, names: readonly Text[]): void {
    this.#key = given.sql`PRIMARY KEY (${commas(
      names.map(name => given.sql`"${name}"`),
      given.at,
    )})`
  }

  column(given: Given, of: ColumnOf): void {
    const index = of.options.get('index')
    const own = { ...of, options: without(of.options, ['index']) }
    const { sql, type } = columnSql(given, own)
    if (this.#types.has(plain(of.name))) {
      // In two branches of a condition it is the same column.
      if (this.#session.run.conditions > 0) return
      throw new NotRead('Rails refuses a second column of this name', given.at)
    }
    this.#columns.push(sql)
    this.#types.set(plain(of.name), type)
    if (/serial\b/.test(type)) this.#sequence = plain(of.name)
    append(this.#comments, commentOn(given, this.name, of.name, own.options))
    if (!index || isNull(index) || !isSet(index, given.at)) return
    this.#index(asIndex(given, index.kind === 'record' ? index.entries : new Map()), of.name)
  }

  #index(given: Given, columns: Value | undefined): void {
    this.#indexes.push(() => indexSql(given, this.name, columns))
  }

  reference(given: Given, name: Text, options: ReadonlyMap<string, Value>): void {
    const { columns, index, key } = referenceOf(given, name, options, this.name)
    for (const each of columns) this.column(given, each)
    if (index) this.#index(asIndex(given, index.options), index.columns)
    if (key) this.#keys.push(() => keySql(given, this.name, key.to, key.options).sql)
  }

  primaryKey(given: Given, name: Text, type: Value | undefined, options: ReadonlyMap<string, Value>): void {
    const own = typeIn(type ?? given.words(given.version <= 5 ? 'integer' : 'primary_key'), given.at)
    const generated = given.version <= 5 ? 'uuid_generate_v4()' : 'gen_random_uuid()'
    const needsDefault = own.name === 'uuid' && !options.has('default')
    const all = without(options, [], {
      primary_key: known(true, given.at),
      ...(needsDefault && { default: given.words(generated) }),
    })
    this.column(given, { name, type: own, options: all })
  }

  /** The object that a block gets as `t`. */
  host(): Host {
    const members = madeWhenAsked(Draft.#members, this)
    return { kind: 'host', name: 't', get: name => members.get(name) }
  }

  #reads(name: string, work: (given: Given) => void): Host {
    const session = this.#session
    return functionOf(`t.${name}`, call => {
      told(session.run, call.at, () =>
        work(new Given(session, commandOf(name, { ...call, args: [known(null, call.at), ...call.args] }))),
      )
      return nothing(call.at)
    })
  }

  #referenced(given: Given): void {
    for (const each of namesGiven(given, 'the reference')) this.reference(given, each, given.command.options)
  }

  #columnsOf(type: string, given: Given): void {
    for (const each of namesGiven(given, 'the column'))
      this.column(given, {
        name: each,
        type: typeIn(given.words(type), given.at),
        options: given.command.options,
      })
  }

  #keyTo(given: Given): void {
    const { args, options } = given.command
    this.#keys.push(() => keySql(given, this.name, nameIn(args[1], given.at, 'the other table'), options).sql)
  }

  /** What each method of `t` adds to the table. */
  static readonly #works: ReadonlyMap<string, (draft: Draft, given: Given) => void> = new Map<
    string,
    (draft: Draft, given: Given) => void
  >([
    ...columnMethods.map((type): [string, (draft: Draft, given: Given) => void] => [
      type,
      (draft, given) => draft.#columnsOf(type, given),
    ]),
    [
      'column',
      (draft, given) =>
        draft.column(given, {
          name: given.name(1, 'the column'),
          type: typeIn(given.command.args[2], given.at),
          options: given.command.options,
        }),
    ],
    [
      'primary_key',
      (draft, given) => draft.primaryKey(given, given.name(1, 'the column'), given.arg(2), given.command.options),
    ],
    [
      'timestamps',
      (draft, given) => {
        for (const each of timestamps(given, given.command.options)) draft.column(given, each)
      },
    ],
    ['references', (draft, given) => draft.#referenced(given)],
    ['belongs_to', (draft, given) => draft.#referenced(given)],
    ['index', (draft, given) => draft.#index(given, given.command.args[1])],
    ['foreign_key', (draft, given) => draft.#keyTo(given)],
    ['check_constraint', (draft, given) => void draft.#checks.push(checkSql(given, draft.name, given.command.args[1]))],
    [
      'unique_constraint',
      (draft, given) => void draft.#uniques.push(uniqueSql(given, draft.name, given.command.args[1])),
    ],
    [
      'exclusion_constraint',
      (draft, given) => void draft.#exclusions.push(exclusionSql(given, draft.name, given.command.args[1])),
    ],
  ])

  static readonly #members: ReadonlyMap<string, (draft: Draft) => Value> = new Map<string, (draft: Draft) => Value>([
    ['name', draft => functionOf('t.name', () => draft.name)],
    ...[...Draft.#works].map(([name, work]): [string, (draft: Draft) => Value] => [
      name,
      draft => draft.#reads(name, given => work(draft, given)),
    ]),
  ])
}

/** The names that a method of `t` is given. */
function namesGiven(given: Given, what: string): Text[] {
  const rest = given.command.args.slice(1)
  if (rest.length === 0) throw new NotRead(`${what} is not given`, given.at)
  return rest.flatMap(each => namesIn(each, given.at, what))
}
