import type { Argument, Expression, Pattern } from '../syntax.ts'
import { plain, textAt } from '../text.ts'

/** A value that a program gives to a name, as far as it is known without running anything. */
export type Given =
  | { readonly kind: 'known'; readonly value: string | number | boolean | null }
  | { readonly kind: 'list'; readonly items: readonly Given[] }
  | { readonly kind: 'record'; readonly entries: ReadonlyMap<string, Given>; readonly isOpen: boolean }
  /** `name`: how it is written, if it is one name: `Base.metadata`. */
  | { readonly kind: 'unknown'; readonly name?: string }

/** A name and its value. */
export interface Setting {
  /**
   * The names around it, the outermost first, and its own: `migrations`, `directory`. What is called counts as a name around its arguments, and so
   * does what is assigned to.
   */
  readonly path: readonly string[]
  readonly value: Given
}

export interface Called {
  /** The last word of what is called: `join` of `path.join`. */
  readonly name: string
  readonly args: readonly Given[]
}

/** A name of another file: `from module import member as name`. */
export interface Imported {
  readonly module: string
  /** Undefined: the module itself. */
  readonly member?: string
  readonly name: string
}

export interface Classed {
  readonly name: string
  /** Its base classes as they are written: `a.Base`. */
  readonly bases: readonly string[]
}

/** What a program gives to names, wherever in it that is. */
export interface Settings {
  readonly all: readonly Setting[]
  /** In the order of the text. */
  readonly calls: readonly Called[]
  readonly imports: readonly Imported[]
  readonly classes: readonly Classed[]
  /** Every name that it uses. */
  readonly names: ReadonlySet<string>
}

const unknown: Given = { kind: 'unknown' }

/** Names that stand for others, and records in records, are followed so far. */
const deepest = 40
/** More expressions than that are not settings. */
const most = 20_000

/** The settings of a program. */
export function settingsIn(root: Expression): Settings {
  const reading = new Reading(root)
  reading.visit(root, [], 0)
  return reading
}

class Reading implements Settings {
  readonly all: Setting[] = []
  readonly calls: Called[] = []
  readonly imports: Imported[] = []
  readonly classes: Classed[] = []
  readonly names = new Set<string>()
  /** Names that get a value once, and that value; null: they get several. */
  readonly #constants = new Map<string, Expression | null>()
  #steps = 0

  constructor(root: Expression) {
    let steps = 0
    const waiting = [root]
    for (let next = waiting.pop(); next && steps < most; next = waiting.pop(), steps++) {
      if (next.kind === 'assignment' && next.to.kind === 'name')
        this.#constants.set(next.to.name, this.#constants.has(next.to.name) ? null : next.value)
      if (next.kind === 'name' || next.kind === 'member') this.names.add(next.name)
      if (next.kind === 'import') this.imports.push(next)
      if (next.kind === 'class') this.classes.push({ name: next.name, bases: next.bases.map(wordsOf) })
      for (const part of partsOf(next)) waiting.push(part)
    }
  }

  visit(expression: Expression, path: readonly string[], depth: number): void {
    if (depth > deepest || ++this.#steps > most) return
    switch (expression.kind) {
      case 'record':
        for (const { key, value } of expression.entries) {
          const name = key === null ? null : this.#nameOf(key)
          if (name === null) this.visit(this.#followed(value), path, depth + 1)
          else this.#set([...path, name], value, depth)
        }
        return
      case 'assignment': {
        const name = targetOf(expression.to)
        if (name === null) this.visit(expression.value, path, depth + 1)
        else this.#set([...path, name], expression.value, depth)
        return
      }
      case 'call': {
        const name = lastName(expression.callee)
        this.calls.push({ name, args: expression.args.map(({ value }) => this.given(value, depth)) })
        this.visit(expression.callee, path, depth + 1)
        for (const { name: own, value } of expression.args)
          if (own === undefined) this.visit(this.#followed(value), [...path, name], depth + 1)
          else this.#set([...path, name, own], value, depth)
        if (expression.block) this.visit(expression.block, [...path, name], depth + 1)
        return
      }
      default:
        for (const part of partsOf(expression)) this.visit(part, path, depth + 1)
    }
  }

  #set(path: readonly string[], value: Expression, depth: number): void {
    this.all.push({ path, value: this.given(value, depth) })
    this.visit(this.#followed(value), path, depth + 1)
  }

  /** The expression that a name stands for. */
  #followed(expression: Expression): Expression {
    let found = expression
    for (let i = 0; i < deepest && found.kind === 'name'; i++) {
      const next = this.#constants.get(found.name)
      if (!next || next === found) break
      found = next
    }
    return found
  }

  #nameOf(key: Expression): string | null {
    const given = this.given(key, 0)
    return given.kind === 'known' && given.value !== null ? String(given.value) : null
  }

  /** The value of an expression. A value of the environment is the one that is used where the environment has none. */
  given(expression: Expression, depth: number): Given {
    if (depth > deepest || ++this.#steps > most) return unknown
    const inside = (each: Expression) => this.given(each, depth + 1)
    switch (expression.kind) {
      case 'plain':
        return { kind: 'known', value: expression.value }
      case 'text': {
        const parts = expression.parts.map(
          (part): Given =>
            part.kind === 'text' && 'pieces' in part ? { kind: 'known', value: plain(part) } : inside(part),
        )
        return joined(parts)
      }
      case 'name': {
        const followed = this.#followed(expression)
        return followed.kind === 'name' ? { kind: 'unknown', name: followed.name } : inside(followed)
      }
      case 'member': {
        const of = inside(expression.of)
        const found = of.kind === 'record' ? of.entries.get(expression.name) : undefined
        return found ?? { kind: 'unknown', name: wordsOf(expression) }
      }
      case 'index': {
        const [of, by] = [inside(expression.of), inside(expression.by)]
        if (by.kind !== 'known') return unknown
        if (of.kind === 'record') return of.entries.get(String(by.value)) ?? unknown
        return (of.kind === 'list' && typeof by.value === 'number' && of.items[by.value]) || unknown
      }
      case 'operation':
        return expression.operator === '+' || expression.operator === 'join'
          ? joined(expression.of.map(inside))
          : unknown
      case 'short': {
        const [left, right] = [inside(expression.left), inside(expression.right)]
        return expression.operator !== 'and' && left.kind === 'unknown' ? right : left
      }
      case 'list':
        return { kind: 'list', items: expression.items.map(({ value, spread }) => (spread ? unknown : inside(value))) }
      case 'record':
        return this.#record(expression.entries, depth)
      case 'call':
        return this.#answer(lastName(expression.callee), expression.args, depth)
      case 'block':
        return expression.body.length === 1 && expression.body[0] ? inside(expression.body[0]) : unknown
      default:
        return unknown
    }
  }

  #record(entries: Extract<Expression, { kind: 'record' }>['entries'], depth: number): Given {
    const found = new Map<string, Given>()
    let isOpen = false
    for (const { key, value } of entries) {
      const name = key === null ? null : this.#nameOf(key)
      const given = this.given(value, depth + 1)
      if (name !== null) found.set(name, given)
      else if (key === null && given.kind === 'record') {
        isOpen ||= given.isOpen
        for (const [each, own] of given.entries) found.set(each, own)
      } else isOpen = true
    }
    return { kind: 'record', entries: found, isOpen }
  }

  /** Calls that join paths, that take a default, and that give back what they get. */
  #answer(name: string, args: readonly Argument[], depth: number): Given {
    const given = args.map(({ value }) => this.given(value, depth + 1))
    const [first] = given
    if (name === 'dict') return this.#record(args.flatMap(keyed), depth)
    if (paths.has(name)) return pathOf(given)
    if (defaults.has(name)) {
      const named = args.find(arg => arg.name === 'default')
      return named ? this.given(named.value, depth + 1) : (given[1] ?? unknown)
    }
    return wrappers.has(name) && first ? first : unknown
  }
}

const paths = new Set(['join', 'resolve', 'base_path', 'database_path'])
const defaults = new Set(['env', 'getenv', 'fetch', 'get', 'config', 'get_env', 'fetch_env'])
const wrappers = new Set(['defineConfig', 'freeze', 'String', 'str', 'fileURLToPath'])

/** An entry of `dict(a=1)`. */
function keyed({ name, value }: Argument): { key: Expression; value: Expression }[] {
  return name === undefined ? [] : [{ key: { kind: 'text', parts: [textAt(name, value.at)], at: value.at }, value }]
}

/** Texts one after another. */
function joined(parts: readonly Given[]): Given {
  const words = knownOf(parts)
  if (words.length === parts.length) return { kind: 'known', value: words.join('') }
  // The folder of the file is before it: `${__dirname}/migrations`.
  const [first, ...rest] = parts.filter(part => part.kind !== 'known' || part.value !== '')
  const below = knownOf(rest).join('')
  return first?.kind === 'unknown' && knownOf(rest).length === rest.length && below.startsWith('/')
    ? { kind: 'known', value: below.slice(1) }
    : unknown
}

/** A path of these parts. The folder of the file, which comes first, is not known. */
function pathOf(parts: readonly Given[]): Given {
  const [first, ...rest] = parts
  const words = knownOf(first?.kind === 'unknown' ? rest : parts)
  return words.length > 0 && words.length >= rest.length ? { kind: 'known', value: words.join('/') } : unknown
}

function knownOf(parts: readonly Given[]): string[] {
  return parts.flatMap(part => (part.kind === 'known' ? [String(part.value ?? '')] : []))
}

function lastName(expression: Expression): string {
  if (expression.kind === 'name' || expression.kind === 'member') return expression.name
  return expression.kind === 'call' ? lastName(expression.callee) : ''
}

/** `a.b` as it is written. */
function wordsOf(expression: Expression): string {
  if (expression.kind === 'member') return `${wordsOf(expression.of)}.${expression.name}`
  return expression.kind === 'name' ? expression.name : ''
}

function targetOf(pattern: Pattern): string | null {
  if (pattern.kind === 'name') return pattern.name
  return pattern.kind === 'place' && pattern.place.kind === 'member' ? pattern.place.name : null
}

/** The expressions inside of an expression. */
function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'text':
      return expression.parts.flatMap(part => (part.kind === 'text' && 'pieces' in part ? [] : [part]))
    case 'member':
      return [expression.of]
    case 'index':
      return [expression.of, expression.by]
    case 'call':
      return [expression.callee, ...expression.args.map(({ value }) => value), ...given(expression.block)]
    case 'list':
      return expression.items.map(({ value }) => value)
    case 'record':
      return expression.entries.flatMap(({ key, value }) => [...given(key), value])
    case 'function':
      return [...expression.parameters.flatMap(({ otherwise }) => given(otherwise)), expression.body]
    case 'operation':
      return expression.of
    case 'short':
      return [expression.left, expression.right]
    case 'assignment':
      return [expression.value]
    case 'block':
    case 'class':
      return expression.body
    case 'choice':
      return [expression.test, expression.yes, ...given(expression.no)]
    case 'loop':
      return [...given(expression.test), expression.body, ...given(expression.step)]
    case 'each':
      return [expression.of, expression.body]
    case 'with':
      return [expression.value, expression.body]
    case 'try':
      return [expression.body, ...expression.handlers, ...given(expression.last)]
    case 'leave':
      return given(expression.value)
    case 'definition':
      return [expression.definition]
    case 'unread':
      return expression.inside
    default:
      return []
  }
}

function given<T>(value: T | null | undefined): readonly T[] {
  return value === undefined || value === null ? [] : [value]
}
