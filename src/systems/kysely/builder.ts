import { sqlAt } from '../../code/given/sql.ts'
import { answer, functionOf, host } from '../../code/host.ts'
import type { Run } from '../../code/run.ts'
import { hole, joined, type Text, textAt, unknownIn } from '../../code/text.ts'
import { type Call, type Host, truth, type Value } from '../../code/value.ts'
import { asQuery, type Fragment, inSchema, sendNumbered, sqlOf, standsFor, withoutNames } from './fragment.ts'
import { identifierGiven } from './name.ts'

/**
 * Kysely's builders are immutable: each call makes another one, and the order of calls is not that of the SQL. So a builder keeps the
 * parts so far in slots, and its SQL consists of these, in the order of src/query-compiler/default-query-compiler.ts.
 */
export type Slots = ReadonlyMap<string, Text>

/** The schema of `withSchema`, and the run to send to. */
export interface Setting {
  readonly run: Run
  readonly schema: Text | null
  /** No plugin of the project changes names. */
  readonly isPlain?: true
  /** The builder of expressions that functions of the migration are given: `eb`. */
  readonly expressions: (setting: Setting) => Value
}

export interface Kind {
  /** The name for people: `createTable`. */
  readonly name: string
  readonly sql: (slots: Slots) => Text
  readonly methods: Readonly<Record<string, Method>>
  /** It has `execute`. */
  readonly isStatement?: boolean
  /** A query, which has brackets among other SQL; in a template of `sql` only a SELECT has them. */
  readonly query?: 'select' | 'write'
  /** An expression: it may get a name by `as`. */
  readonly isExpression?: true
}

/** What a call changes: the slots, and perhaps the calls that are possible afterwards. */
export type Method = (call: Call, slots: Slots, setting: Setting) => Slots | readonly [Kind, Slots]

export function builder(kind: Kind, slots: Slots, setting: Setting): Host {
  const methods = new Map(Object.entries(kind.methods))
  const own = (from: Slots) => (kind.query ? asQuery(kind.sql(from), from.has('with')) : kind.sql(from))
  const sql = (from = slots) => inSchema(own(from), setting.schema)
  const self: Host = {
    kind: 'host',
    name: kind.name,
    get: name => {
      const full = `${kind.name}.${name}`
      if (name === '$call') return functionOf(full, call => called(call, self, setting.run))
      if (name === 'compile' && kind.isStatement) return functionOf(full, () => compiled(() => sql()))
      if ((kind.query ? sending : execute).has(name) && kind.isStatement)
        return functionOf(full, ({ at }) => {
          sendNumbered(setting.run, setting.isPlain ? withoutNames(sql()) : sql(), at)
          return answer(at)
        })
      const method = methods.get(name)
      if (method) return functionOf(full, call => changed(method(call, slots, setting), kind, setting))
      if (name === 'as' && (kind.query || kind.isExpression))
        return functionOf(full, call => alias(call, sqlOf(self) ?? sql()))
      if (name === '$if') return functionOf(full, call => perhapsCalled(call, self, setting.run))
      return (kind.query || kind.isExpression) && ofTypes.has(name) ? functionOf(full, () => self) : undefined
    },
  }
  return standsFor(self, fragmentOf(kind, slots, sql))
}

const execute: ReadonlySet<string> = new Set(['execute'])
const sending: ReadonlySet<string> = new Set(['execute', 'executeTakeFirst', 'executeTakeFirstOrThrow', 'stream'])
/** These are about TypeScript's types alone. */
const ofTypes: ReadonlySet<string> = new Set([
  '$castTo',
  '$narrowType',
  '$assertType',
  '$asTuple',
  '$asScalar',
  '$notNull',
])

function fragmentOf({ query }: Kind, slots: Slots, sql: (from?: Slots) => Text): Fragment {
  if (!query) return { inside: () => sql() }
  if (query === 'select') return { inside: () => inBrackets(sql()), alone: () => sql() }
  // Of queries that write, the end is behind the brackets.
  const end = slots.get('end')
  const rest = new Map([...slots].filter(([slot]) => slot !== 'end'))
  const inside = () => (end ? joined([inBrackets(sql(rest)), end]) : inBrackets(sql()))
  return { inside, template: () => sql(), alone: () => sql() }
}

/** The brackets stand for where it begins. */
export function inBrackets(sql: Text): Text {
  return sqlAt(sql.pieces[0]?.at ?? [0, 0])`(${sql})`
}

/** SQL with another name, which may be SQL itself. */
export function alias(call: Call, sql: Text): Host {
  return standsFor(
    host('an alias', {}),
    () => sqlAt(call.nameAt)`${sql} as ${sqlOf(call.args[0]) ?? identifierGiven(call)}`,
  )
}

/** `$if(condition, query => …)`. */
function perhapsCalled(call: Call, self: Host, run: Run): Value {
  const { args, argsAt, at, nameAt } = call
  const [condition, work] = args
  const is = condition ? truth(condition) : false
  if (is === null) return run.notRead(at, condition?.kind === 'unknown' ? condition.why : 'its condition is unknown')
  return is ? called({ args: work ? [work] : [], argsAt: argsAt.slice(1), at, nameAt }, self, run) : self
}

function changed(made: ReturnType<Method>, kind: Kind, setting: Setting): Host {
  return isPair(made) ? builder(made[0], made[1], setting) : builder(kind, made, setting)
}

function isPair(made: ReturnType<Method>): made is readonly [Kind, Slots] {
  return Array.isArray(made)
}

/** A compiled query: `db.executeQuery` sends it. */
export function compiled(sql: () => Text): Value {
  return standsFor(host('a compiled query', {}), sql)
}

function called({ args: [work], at }: Call, self: Host, run: Run): Value {
  return work?.kind === 'callable' ? run.invoke(work, [self], at) : run.notRead(at, 'the called function is unknown')
}

/** The SQL that a function of the migration describes by a builder. Without a function, the SQL of the builder itself. */
export function described(call: Call, index: number, kind: Kind, slots: Slots, setting: Setting): Text {
  const [work, place] = [call.args[index], call.argsAt[index] ?? call.at]
  if (work === undefined || (work.kind === 'plain' && work.value === undefined)) return kind.sql(slots)
  if (work.kind !== 'callable') return hole(place, work.kind === 'unknown' ? work.why : 'it is not a function')
  const made = setting.run.invoke(work, [builder(kind, slots, setting)], place)
  return sqlOf(made) ?? hole(place, made.kind === 'unknown' ? made.why : 'its result is unknown')
}

/** SQL from slots in this order. */
export function inOrder(names: readonly string[]): Kind['sql'] {
  return slots => joined(names.flatMap(name => slots.get(name) ?? []))
}

/** The first words of a call, each in its own slot. All of them point to the name of the call. */
export function words(call: Call, entries: Readonly<Record<string, string>>): Map<string, Text> {
  return new Map(Object.entries(entries).map(([slot, text]) => [slot, textAt(text, call.nameAt)]))
}

/** An unknown part stays: Kysely may have refused it, so that the rest no longer matters. */
export function put(slots: Slots, slot: string, text: Text): Slots {
  const before = slots.get(slot)
  return new Map([...slots, [slot, before && unknownIn(before) !== null ? joined([before, text]) : text]])
}

/** Puts it after what the slot has. */
export function add(slots: Slots, slot: string, text: Text, between: Text): Slots {
  const before = slots.get(slot)
  return put(slots, slot, before ? joined([before, between, text]) : text)
}

/** A call that adds words of SQL. */
export function word(slot: string, text: string): Method {
  return (call, slots) => put(slots, slot, textAt(text, call.nameAt))
}

/** A call that adds its argument, with words before and after it. */
export function part(slot: string, before: string, given: (call: Call) => Text, after = ''): Method {
  return (call, slots) => put(slots, slot, sqlAt(call.nameAt)`${before}${given(call)}${after}`)
}

/** Begins a clause with what is given, or goes on with it: ` where a`, ` and b`. */
export function grown(slots: Slots, slot: string, first: string, between: string, text: Text, call: Call): Slots {
  const { nameAt } = call
  if (slots.has(slot)) return add(slots, slot, text, textAt(between, nameAt))
  return put(slots, slot, sqlAt(nameAt)`${first}${text}`)
}
