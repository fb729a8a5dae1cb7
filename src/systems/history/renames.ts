import { tokens } from '../../parse/lexer.ts'
import { grouped } from '../../parse/list.ts'
import { decode } from '../../parse/source.ts'
import type { Migration } from '../system.ts'
import { similarity, unified } from './edit.ts'
import { type Names, namesIn, overlap } from './names.ts'

/**
 * From this share of equal tokens on, a new file counts as an old one under another name. git's own limit is one half,
 * of lines.
 */
const alike = 0.6

/** The largest number of comparisons of texts: a thousand files are not all compared with a thousand others. */
const limit = 5_000

export interface Renames {
  /** New migration → the old one to which it corresponds. */
  readonly pairs: ReadonlyMap<Migration, Migration>
  /** The new migration that replaces all remaining old ones. */
  readonly squash: Migration | null
}

/** New migrations that are old ones under other names: with the same text, the same version, or mostly the same tokens. */
export function renames(lost: readonly Migration[], fresh: readonly Migration[]): Renames {
  const pairs = new Map<Migration, Migration>()
  if (lost.length === 0 || fresh.length === 0) return { pairs, squash: null }
  const says = fresh.find(({ replaces = [] }) => replaces.length > 0 && lost.every(({ id }) => replaces.includes(id)))
  if (says) return { pairs, squash: says }
  const left = new Set(lost)
  const pair = (migration: Migration, from: Migration | undefined) => {
    if (!from) return
    pairs.set(migration, from)
    left.delete(from)
  }
  const byText = grouped(
    lost.filter(from => textOf(from).trim() !== ''),
    textOf,
  )
  for (const migration of fresh)
    pair(
      migration,
      byText.get(textOf(migration))?.find(from => left.has(from)),
    )
  const byId = new Map([...left].map(from => [from.id, from]))
  for (const migration of fresh) {
    const from = byId.get(migration.id)
    if (!pairs.has(migration) && from && left.has(from)) pair(migration, from)
  }
  const byStamp = new Map([...left].flatMap(from => (from.stamp ? [[from.stamp.when, from] as const] : [])))
  for (const migration of fresh) {
    const from = migration.stamp && byStamp.get(migration.stamp.when)
    if (!pairs.has(migration) && from && left.has(from)) pair(migration, from)
  }
  const rest = fresh.filter(migration => !pairs.has(migration))
  const squash = squashOf([...left], rest)
  if (squash || rest.length * left.size > limit) return { pairs, squash }
  for (const migration of rest) {
    const scored = [...left]
      .filter(from => isAboutTheSame(from, migration))
      .map(from => ({ from, score: similarity(from, migration) }))
    pair(migration, scored.filter(({ score }) => score >= alike).sort((a, b) => b.score - a.score)[0]?.from)
  }
  return { pairs, squash: null }
}

/** Small files consist mostly of the same words, whatever they create: the names in them must be mostly the same. */
function isAboutTheSame(a: Migration, b: Migration): boolean {
  const [one, other] = [namesOf(a), namesOf(b)]
  return overlap(one.objects, other.objects) > 0.5 && overlap(one.all, other.all) > 0.5
}

/** The first of a few new migrations that contains most names of three or more missing old ones. */
function squashOf(lost: readonly Migration[], fresh: readonly Migration[]): Migration | null {
  if (lost.length < 3 || fresh.length >= lost.length) return null
  const old = new Set(lost.flatMap(migration => [...namesOf(migration).all]))
  const now = new Set(fresh.flatMap(migration => [...namesOf(migration).all]))
  const kept = [...old].filter(word => now.has(word)).length
  return old.size > 0 && kept / old.size >= 0.5 ? (fresh[0] ?? null) : null
}

/** Only for SQL without its comments; it is not known where comments end in other languages. */
function namesOf(migration: Migration): Names {
  const text = textOf(migration)
  if (migration.opaque !== undefined) return namesIn(text)
  const code = tokens(text).filter(({ kind }) => kind !== 'comment')
  const strings = code.filter(({ kind }) => kind === 'string').map(token => token.text)
  const { objects, all } = namesIn(code.map(token => token.text).join(' '))
  return { objects, all: new Set([...all, ...strings]) }
}

function textOf({ path, content }: Migration): string {
  return unified(decode(path, content).source.text)
}
