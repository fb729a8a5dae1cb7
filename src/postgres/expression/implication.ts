import { compare } from './constant.ts'
import type { Comparison, Predicate } from './predicate.ts'

/**
 * Whether `clause` implies `predicate`, by the steps of predicate_implied_by_recurse (predtest.c) and no others:
 * PostgreSQL does not see more either. `weak`: a clause that is NULL counts as fulfilled, as in CHECK.
 */
export function implies(clause: Predicate, predicate: Predicate, weak: boolean): boolean {
  const each = (part: Predicate): boolean => implies(clause, part, weak)
  const from = (part: Predicate): boolean => implies(part, predicate, weak)
  if (clause.kind === 'and') {
    if (predicate.kind === 'and') return predicate.parts.every(each)
    return (predicate.kind === 'or' && predicate.parts.some(each)) || clause.parts.some(from)
  }
  if (clause.kind === 'or') {
    if (predicate.kind !== 'or') return clause.parts.every(from)
    return clause.parts.every(part => predicate.parts.some(other => implies(part, other, weak)))
  }
  if (predicate.kind === 'and') return predicate.parts.every(each)
  if (predicate.kind === 'or') return predicate.parts.some(each)
  return impliesAtom(clause, predicate, weak)
}

function impliesAtom(clause: Predicate, predicate: Predicate, weak: boolean): boolean {
  if (clause.kind === 'other') return predicate.kind === 'other' && clause.text === predicate.text
  if (predicate.kind === 'null') {
    if (clause.kind === 'null') return clause.key === predicate.key && clause.isNull === predicate.isNull
    // A comparison that is true contains no NULL; one that is only not false may contain one.
    return !weak && !predicate.isNull && clause.kind === 'compare' && clause.key === predicate.key
  }
  if (clause.kind !== 'compare' || predicate.kind !== 'compare' || clause.key !== predicate.key) return false
  const order = compare(clause.value, predicate.value)
  return order !== null && (implications[clause.comparison][predicate.comparison]?.(order) ?? false)
}

const before = (order: number) => order < 0
const notAfter = (order: number) => order <= 0
const equal = (order: number) => order === 0
const notBefore = (order: number) => order >= 0
const after = (order: number) => order > 0

type Test = (order: number) => boolean

/** The required order of the clause's constant and the predicate's: BT_implic_table of predtest.c. */
const implications: Readonly<Record<Comparison, Readonly<Partial<Record<Comparison, Test>>>>> = {
  '<': { '<': notAfter, '<=': notAfter, '<>': notAfter },
  '<=': { '<': before, '<=': notAfter, '<>': before },
  '=': { '<': before, '<=': notAfter, '=': equal, '>=': notBefore, '>': after, '<>': order => order !== 0 },
  '>=': { '>=': notBefore, '>': after, '<>': after },
  '>': { '>=': notBefore, '>': notBefore, '<>': notBefore },
  '<>': { '<>': equal },
}

/** True when no row can fulfil both. It only finds what is certain, from pairs of conditions on the same key. */
export function contradict(a: Predicate, b: Predicate): boolean {
  if (a.kind === 'or') return a.parts.every(part => contradict(part, b))
  if (b.kind === 'or')
    return b.parts.every(part => contradict(a, part)) || (a.kind === 'and' && a.parts.some(part => contradict(part, b)))
  if (a.kind === 'and') return a.parts.some(part => contradict(part, b))
  if (b.kind === 'and') return b.parts.some(part => contradict(a, part))
  if (a.kind === 'other' || b.kind === 'other' || a.key !== b.key) return false
  if (a.kind === 'null') return b.kind === 'null' ? a.isNull !== b.isNull : a.isNull
  if (b.kind === 'null') return b.isNull
  const order = compare(a.value, b.value)
  return order !== null && (contradictions[a.comparison][b.comparison]?.(order) ?? false)
}

const contradictions: typeof implications = {
  '<': { '=': notAfter, '>=': notAfter, '>': notAfter },
  '<=': { '=': before, '>=': before, '>': notAfter },
  '=': { '<': notBefore, '<=': after, '=': order => order !== 0, '>=': before, '>': notAfter, '<>': equal },
  '>=': { '<': notBefore, '<=': after, '=': after },
  '>': { '<': notBefore, '<=': notBefore, '=': notBefore },
  '<>': { '=': equal },
}
