import type { Node, TypeName } from '@pgsql/types'
import { nameParts } from '../../parse/placeholder.ts'
import { walk } from '../expression/expression.ts'
import { isAppended } from './appended.ts'
import type { Catalog, FunctionName, Mention, Relation, Routine, Type } from './catalog.ts'
import type { ColumnType } from './column.ts'
import { Mentioning } from './mentioning.ts'
import { qualifiedName } from './name.ts'
import { nameLimit } from './name-limit.ts'

/**
 * Which objects refer to which: pg_depend for the catalog. The objects that refer to a relation, a type, a function or
 * a sequence are looked up thousands of times in a long history. With this, the cost of each look-up depends on the
 * objects found, not on the size of the catalog.
 */

type Definition = Relation | Type | Routine

/** The index after a definition was added, replaced (`before` is what it was) or removed (`after` is null). */
export function reindexMentions(
  mentioned: Catalog['mentioned'],
  before: Definition | null,
  after: Definition | null,
): Catalog['mentioned'] {
  const by = (after ?? before)?.oid ?? 0
  let changes: Map<Mention, number> | undefined
  const note = (mentions: readonly Mention[], change: number) => {
    if (mentions.length === 0) return
    changes ??= new Map()
    for (const each of mentions) if (each !== by) changes.set(each, (changes.get(each) ?? 0) + change)
  }
  for (const facet of facets) facet(before, after, note)
  let next = mentioned
  if (!changes) return next
  for (const [mention, change] of changes) {
    if (change === 0) continue
    const left = (next.get(mention) ?? Mentioning.none).with(by, change)
    next = left.size > 0 ? next.set(mention, left) : next.remove(mention)
  }
  return next
}

const none: readonly never[] = []

type Facet = (
  before: Definition | null,
  after: Definition | null,
  note: (mentions: readonly Mention[], change: number) => void,
) => void

/**
 * Reports what changed in one list of a definition. The mentions of expressions, which are never changed in place, are found once.
 */
function facet<P extends object>(
  parts: (of: Definition) => readonly P[],
  mentions: (part: P) => readonly Mention[],
): Facet {
  const found = (part: P): readonly Mention[] => {
    const all = mentions(part)
    return all.length < 2 ? all : [...new Set(all)]
  }
  // Tables share lists, and a statement changes them one after the other.
  let last:
    | {
        readonly old: readonly P[]
        readonly now: readonly P[]
        readonly added: readonly P[]
        readonly gone: readonly P[]
      }
    | undefined
  const difference = (old: readonly P[], now: readonly P[]) => {
    if (last?.old === old && last.now === now) return last
    // Most statements change one place of a long list, so equal parts at the beginning and the end are skipped.
    const shorter = Math.min(old.length, now.length)
    let start = isAppended(old, now) ? old.length : 0
    while (start < shorter && old[start] === now[start]) start++
    let end = 0
    while (end < shorter - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end++
    const added = now.length === start + end ? none : now.slice(start, now.length - end)
    const gone = old.length === start + end ? none : old.slice(start, old.length - end)
    last = { old, now, added, gone }
    return last
  }
  return (before, after, note) => {
    const old = before ? parts(before) : none
    const now = after ? parts(after) : none
    if (old === now) return
    const { added, gone } = difference(old, now)
    for (const part of added) note(found(part), 1)
    for (const part of gone) note(found(part), -1)
  }
}

const facets: readonly Facet[] = [
  facet(
    of => ('columns' in of ? of.columns : none),
    ({ type, default: value, generated }) => {
      if (value === null && !generated) return ofType(type)
      return [...ofType(type), ...inExpression(value), ...inExpression(generated?.expression ?? null)]
    },
  ),
  facet(
    of => ('indexes' in of ? of.constraints : none),
    ({ references, expression }) => [...(references ? [references.table] : []), ...inExpression(expression)],
  ),
  facet(
    of => ('policies' in of ? of.policies : none),
    ({ uses, calls }) => [...uses.map(({ relation }) => relation), ...(calls ?? []).map(ofFunction)],
  ),
  facet(
    of => ('rules' in of ? of.rules : none),
    ({ relations }) => relations.map(({ relation }) => relation),
  ),
  facet(
    of => ('triggers' in of ? of.triggers : none),
    ({ routine }) => (routine === null ? [] : [routine]),
  ),
  facet(
    of => ('uses' in of ? (of.uses ?? none) : none),
    ({ relation }) => [relation],
  ),
  facet(
    of => ('calls' in of ? (of.calls ?? none) : none),
    called => [ofFunction(called)],
  ),
  facet(
    of => ('keys' in of ? of.keys : none),
    ({ expression }) => inExpression(expression),
  ),
  facet(
    of => ('predicate' in of && of.predicate ? [of.predicate] : none),
    predicate => inExpression(predicate),
  ),
  facet(
    of => ('ownedBy' in of && of.ownedBy ? [of.ownedBy] : none),
    ({ relation }) => [relation],
  ),
  facet(
    of => ('ofType' in of && of.ofType !== null ? [of] : none),
    of => ('ofType' in of && of.ofType !== null ? [of.ofType] : []),
  ),
  facet(
    of => ('base' in of && of.kind === 'domain' ? [of.base] : none),
    base => ofType(base),
  ),
  facet(
    of => ('returns' in of ? [of] : none),
    ({ name }) => [`routine:${name}`],
  ),
  facet(
    of => ('arguments' in of ? of.arguments : none),
    argument => ofType(argument),
  ),
  facet(
    of => ('returns' in of && of.returns ? [of.returns] : none),
    returns => ofType(returns),
  ),
]

/** PostgreSQL's own types stay whatever the migrations do, so nobody asks for their users. */
function ofType({ schema, name }: ColumnType): readonly Mention[] {
  return schema === 'pg_catalog' ? none : [`type:${name}`]
}

function ofFunction({ name }: FunctionName): Mention {
  return `function:${name}`
}

const inExpressions = new WeakMap<Node, readonly Mention[]>()

/** Types that an expression casts to, functions that it calls, sequences whose names it hands to a function. */
function inExpression(expression: Node | null): readonly Mention[] {
  if (!expression) return none
  const known = inExpressions.get(expression)
  if (known) return known
  const found = new Set<Mention>()
  walk(expression, (kind, fields) => {
    if (kind === 'FuncCall') found.add(ofFunction(qualifiedName(fields.funcname as Node[])))
    if (kind === 'A_Const') {
      for (const name of namesIn((fields.sval as { sval?: string } | undefined)?.sval)) found.add(`sequence:${name}`)
    }
    if (kind !== 'TypeCast') return
    const { name } = qualifiedName((fields.typeName as TypeName | undefined)?.names)
    // `_status` is the name of the array type of `status`.
    for (const each of name.startsWith('_') ? [name, name.slice(1)] : [name]) found.add(`type:${each}`)
  })
  const mentions = [...found]
  inExpressions.set(expression, mentions)
  return mentions
}

/** Schema and name, each of the greatest length and in quotation marks, and a dot: no longer text contains a name. */
const longestName = 2 * (nameLimit + 2) + 1

/** The names, without a schema, that a text can stand for, as in `nextval('app.orders_id_seq')`. */
function namesIn(text: string | undefined): string[] {
  if (text === undefined || text.length > longestName) return []
  const parts = nameParts(text)
  const names = parts.map((_, i) => parts.slice(i).join('.'))
  return [...names, unquoted(parts.at(-1) ?? '')]
}

/** A part of a name as it is written in a text, without its quotation marks. */
export function unquoted(part: string): string {
  return part.replace(/^"(.*)"$/s, '$1')
}
