import { NotRead } from '../../code/given/not-read.ts'
import { type Argument, isNull, isTrue, listIn, placeOf, textIn } from '../../code/given/value.ts'
import { plain, type Text, textAt } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'

/** Arguments of a call in Python, by the names of its parameters. The functions throw NotRead for an unknown argument. */
export interface Given {
  /** The whole call, and its name. */
  readonly at: Span
  readonly nameAt: Span
  /** An argument; undefined where there is none. `None` is a value. */
  readonly get: (name: string) => Argument
  /** The same; undefined for `None`, too. */
  readonly some: (name: string) => Argument
  readonly text: (name: string, what: string) => Text | null
  readonly is: (name: string) => boolean
  /** Positional arguments after the last parameter with a name. */
  readonly rest: readonly Value[]
}

/** Options of other databases, which PostgreSQL's dialect ignores. */
const ofOthers = /^(?:mysql|mariadb|sqlite|mssql|oracle)_/

/**
 * The arguments of a call whose parameters have these names, in order. The call may also have named arguments from `options`. Throws
 * NotRead for any other one, because it may change the SQL. `more`: arguments in addition to those of the call.
 */
export function givenIn(
  call: Call,
  names: readonly string[],
  options: readonly string[] = [],
  { more = new Map(), takesRest = false }: { more?: ReadonlyMap<string, Argument>; takesRest?: boolean } = {},
): Given {
  const { at } = call
  const all = new Map<string, Argument>(more)
  for (const [i, value] of call.args.slice(0, names.length).entries()) all.set(names[i] ?? '', value)
  const rest = call.args.slice(names.length)
  if (rest.length > 0 && !takesRest) throw new NotRead('it gets too many arguments', placeOf(rest[0], at))
  const known = new Set([...names, ...options])
  for (const [name, value] of call.named ?? []) {
    if (ofOthers.test(name)) continue
    if (!known.has(name)) throw new NotRead(`its option \`${name}\` is not read`, placeOf(value, at))
    all.set(name, value)
  }
  return givenBy(name => all.get(name), call, rest)
}

/** The arguments of a call as `Given`. */
export function givenBy(
  get: (name: string) => Argument,
  { at, nameAt }: Pick<Given, 'at' | 'nameAt'>,
  rest: readonly Value[] = [],
): Given {
  const some = (name: string) => (isNull(get(name)) ? undefined : get(name))
  return {
    at,
    nameAt,
    get,
    some,
    text: (name, what) => {
      const value = some(name)
      return value === undefined ? null : textIn(value, at, what)
    },
    is: name => isTrue(some(name), at),
    rest,
  }
}

/** A number as text, or null. */
export function numberIn(value: Argument, at: Span): Text | null {
  if (value === undefined || isNull(value)) return null
  if (value.kind === 'plain' && typeof value.value === 'number') return textAt(String(value.value), value.at)
  throw new NotRead(value.kind === 'unknown' ? value.why : 'it is not a number', placeOf(value, at))
}

/** The texts of a list. A single text counts as a list of one, as in the tool. */
export function textsIn(value: Argument, at: Span, what: string): Text[] {
  return listIn(value, at, what).map(item => textIn(item, at, what))
}

/** A word that SQLAlchemy checks and puts into SQL as it is: `CASCADE`, `SET NULL`. */
export function phraseIn(value: Argument, at: Span, what: string): Text {
  const text = textIn(value, at, what)
  if (!/^[\w ()",$]+$/.test(plain(text))) throw new NotRead(`${what} is not read`, placeOf(value, at))
  return text
}
