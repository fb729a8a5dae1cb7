import { lookUp } from '../../parse/look-up.ts'
import type { Statement } from '../../parse/script.ts'
import { descend } from '../../parse/stackless.ts'
import { ofLatest } from '../latest.ts'
import { anywhere, type Feature, type Fields, features } from './grammar.ts'
import { optionLists } from './statement-options.ts'
import { textualFeature } from './textual-grammar.ts'

export interface Unsupported {
  readonly sqlstate: string
  /** `NOT ENFORCED needs PostgreSQL 18`. */
  readonly message: string
}

/**
 * The error with which this server version would refuse a statement that PostgreSQL 18's parser accepts; null: none.
 */
export function unsupported(statement: Statement, version: number): Unsupported | null {
  const known = refusals(statement)
  const answer = known.has(version) ? known.get(version) : refusal(statement, version)
  known.set(version, answer ?? null)
  return answer ?? null
}

/** By version. */
const refusals = ofLatest((_: Statement): Map<number, Unsupported | null> => new Map())

function refusal(statement: Statement, version: number): Unsupported | null {
  const inTree = newestFeature(statement, version)
  if (inTree)
    return { sqlstate: inTree.sqlstate ?? '42601', message: `${inTree.name} needs PostgreSQL ${inTree.since}` }
  const message = unknownOption(statement, version) ?? textualFeature(statement, version)
  return message === null ? null : { sqlstate: '42601', message }
}

/** Syntax errors come first, because the whole text is parsed before anything runs. Of several, the newest feature counts. */
function newestFeature(statement: Statement, version: number): Feature | null {
  const { byKey, other } = newerThan(version)
  let found: Feature | null = null
  const consider = (candidates: readonly Feature[], node: Fields): void => {
    for (const feature of candidates) {
      if (feature.when && !feature.when(node, statement.kind)) continue
      if (!found || weight(feature) > weight(found)) found = feature
    }
  }
  // All nodes, including those in a field without their name (`relation` of most statements).
  const enter = (key: string, node: object) => {
    if (Array.isArray(node)) return true
    const candidates = byKey.get(key)
    if (candidates) consider(candidates, node as Fields)
    if (other.length > 0) consider(other, node as Fields)
    return true
  }
  descend(statement.node, enter, statement.kind)
  return found
}

/** The features that a version lacks: by the key of their node, and those of any node. */
interface Missing {
  readonly byKey: ReadonlyMap<string, readonly Feature[]>
  readonly other: readonly Feature[]
}

const missing = new Map<number, Missing>()

function newerThan(version: number): Missing {
  const known = missing.get(version)
  if (known) return known
  const newer = (all: readonly Feature[]) => all.filter(({ since }) => since > version)
  const lists = Object.entries(features).map(([key, all]) => [key, newer(all)] as const)
  const made = { byKey: new Map(lists.filter(([, all]) => all.length > 0)), other: newer(anywhere) }
  missing.set(version, made)
  return made
}

function weight({ sqlstate = '42601', since }: Feature): number {
  return (sqlstate === '42601' ? 100 : 0) + since
}

function unknownOption(statement: Statement, version: number): string | null {
  const list = optionLists[statement.kind]?.find(({ when }) => !when || when(statement.node))
  if (!list) return null
  for (const item of (lookUp(statement.node, list.field) as { DefElem?: { defname?: string } }[] | undefined) ?? []) {
    const name = (item.DefElem?.defname ?? '').toLowerCase()
    const since = lookUp(list.options, name)
    if (since === undefined) return `unrecognized ${list.title} option "${name}"`
    if (since > version) return `${list.title} option ${name.toUpperCase()} needs PostgreSQL ${since}`
  }
  return null
}
