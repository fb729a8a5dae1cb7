import { NotRead, told } from '../../code/given/not-read.ts'
import { isNull } from '../../code/given/value.ts'
import { functionOf, host } from '../../code/host.ts'
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
    const session = this.#session
    const reads = (name: string, work: (given: Given) => void) =>
      functionOf(`t.${name}`, call => {
        told(session.run, call.at, () =>
          work(new Given(session, commandOf(name, { ...call, args: [known(null, call.at), ...call.args] }))),
        )
        return nothing(call.at)
      })
    const rest = (given: Given) => given.command.args.slice(1)
    const names = (given: Given, what: string) => {
      if (rest(given).length === 0) throw new NotRead(`${what} is not given`, given.at)
      return rest(given).flatMap(each => namesIn(each, given.at, what))
    }
    const referenced = (given: Given) => {
      for (const each of names(given, 'the reference')) this.reference(given, each, given.command.options)
    }
    const members = new Map<string, Value>()
    for (const type of columnMethods)
      members.set(
        type,
        reads(type, given => {
          for (const each of names(given, 'the column'))
            this.column(given, {
              name: each,
              type: typeIn(given.words(type), given.at),
              options: given.command.options,
            })
        }),
      )
    return host('t', {
      ...Object.fromEntries(members),
      name: functionOf('t.name', () => this.name),
      column: reads('column', given =>
        this.column(given, {
          name: given.name(1, 'the column'),
          type: typeIn(given.command.args[2], given.at),
          options: given.command.options,
        }),
      ),
      primary_key: reads('primary_key', given =>
        this.primaryKey(given, given.name(1, 'the column'), given.arg(2), given.command.options),
      ),
      timestamps: reads('timestamps', given => {
        for (const each of timestamps(given, given.command.options)) this.column(given, each)
      }),
      references: reads('references', referenced),
      belongs_to: reads('belongs_to', referenced),
      index: reads('index', given => this.#index(given, given.command.args[1])),
      foreign_key: reads(
        'foreign_key',
        given =>
          void this.#keys.push(
            () =>
              keySql(
                given,
                this.name,
                nameIn(given.command.args[1], given.at, 'the other table'),
                given.command.options,
              ).sql,
          ),
      ),
      check_constraint: reads(
        'check_constraint',
        given => void this.#checks.push(checkSql(given, this.name, given.command.args[1])),
      ),
      unique_constraint: reads(
        'unique_constraint',
        given => void this.#uniques.push(uniqueSql(given, this.name, given.command.args[1])),
      ),
      exclusion_constraint: reads(
        'exclusion_constraint',
        given => void this.#exclusions.push(exclusionSql(given, this.name, given.command.args[1])),
      ),
    })
  }
}
