import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** How large a relation of the database is, from a file that `migrate-lint stats` has written. */
export interface RelationSize {
  /** Estimated; null: it was never analysed. Of an index the entries are not known. */
  readonly rows: number | null
  /** Without indexes; of a partitioned table, those of all partitions. */
  readonly bytes: number
  /** Of all indexes of a table. */
  readonly indexBytes: number
  /** Rows that were inserted, updated and deleted; null: not known. */
  readonly writesPerSecond: number | null
}

/** What a database said about its size. */
export interface Statistics {
  /** When it did: an ISO 8601 date in UTC. */
  readonly takenAt: string
  /** `16.4` */
  readonly server: string
  /** It is too old to call a table small. */
  readonly isOld: boolean
  /** By the names that the model gives to relations: with their schema unless that is `public`. */
  of(relation: string): RelationSize | undefined
  readonly count: number
}

/** The shape of the file; `schema/stats.json` describes it. */
export interface StatisticsFile {
  readonly schemaVersion: 1
  readonly takenAt: string
  readonly server: string
  readonly names: NameForm
  readonly relations: readonly FileRelation[]
}

export const nameForms = ['plain', 'sha256'] as const
export type NameForm = (typeof nameForms)[number]

export const relationKinds = ['table', 'partitioned table', 'materialized view', 'index', 'partitioned index'] as const

export interface FileRelation {
  /** With its schema, or the hash of that. */
  readonly name: string
  readonly kind: (typeof relationKinds)[number]
  readonly rows?: number
  readonly bytes: number
  readonly indexBytes?: number
  readonly writesPerSecond?: number
  /** The name of the partitioned table or index that it is a partition of. */
  readonly partitionOf?: string
}

const day = 86_400_000
/** Tables grow: after so many days a small one may no longer be small. */
export const daysUntilOld = 30

/** A file that cannot be used. The message is a clause that says why. */
export class StatisticsError extends Error {
  override readonly name = 'StatisticsError'
}

/**
 * The statistics of a file's text. `now`: milliseconds since 1970, to tell whether they are old. Throws a StatisticsError about a text that
 * is not such a file.
 */
export function readStatistics(text: string, now: number): Statistics {
  const { takenAt, server, names, relations } = checked(parsedText(text))
  const byName = new Map<string, FileRelation>()
  const children = new Map<string, FileRelation[]>()
  for (const each of relations) {
    byName.set(each.name, each)
    if (each.partitionOf === undefined) continue
    const own = children.get(each.partitionOf)
    if (own) own.push(each)
    else children.set(each.partitionOf, [each])
  }
  const sums = addedUp(children)
  const sizeOf = (name: string) => {
    const known = byName.get(name)
    return sums.get(name) ?? (known && ownSize(known))
  }
  return {
    takenAt,
    server,
    isOld: now - Date.parse(takenAt) > daysUntilOld * day,
    of: relation => sizeOf(nameIn(names, relation.includes('.') ? relation : `public.${relation}`)),
    count: relations.length,
  }
}

/** The name of a relation, with its schema, in a file. */
export function nameIn(form: NameForm, name: string): string {
  return form === 'plain' ? name : bytesToHex(sha256(utf8ToBytes(name))).slice(0, 32)
}

/** The sizes of partitioned relations: those of their partitions, each of which is looked at once; a circle, which no server has, ends. */
function addedUp(children: ReadonlyMap<string, readonly FileRelation[]>): ReadonlyMap<string, RelationSize> {
  const sums = new Map<string, RelationSize>()
  const entered = new Set<string>()
  for (const root of children.keys()) {
    const open = [root]
    for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
      const own = children.get(at) ?? []
      if (entered.has(at)) {
        open.pop()
        // It was waiting more than once.
        if (sums.has(at)) continue
        sums.set(at, sum(own.map(each => sums.get(each.name) ?? ownSize(each))))
        continue
      }
      entered.add(at)
      for (const { name } of own) if (children.has(name) && !entered.has(name)) open.push(name)
    }
  }
  return sums
}

function ownSize({ rows, bytes, indexBytes, writesPerSecond }: FileRelation): RelationSize {
  return { rows: rows ?? null, bytes, indexBytes: indexBytes ?? 0, writesPerSecond: writesPerSecond ?? null }
}

function sum(sizes: readonly RelationSize[]): RelationSize {
  const total = (figure: 'rows' | 'writesPerSecond') =>
    sizes.some(each => each[figure] === null) ? null : sizes.reduce((all, each) => all + (each[figure] ?? 0), 0)
  return {
    rows: total('rows'),
    bytes: sizes.reduce((all, { bytes }) => all + bytes, 0),
    indexBytes: sizes.reduce((all, { indexBytes }) => all + indexBytes, 0),
    writesPerSecond: total('writesPerSecond'),
  }
}

function parsedText(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw new StatisticsError('it is not JSON')
  }
}

/** By hand, because a file may have as many entries as a database has tables. */
function checked(value: unknown): StatisticsFile {
  const file = record(value)
  if (file?.schemaVersion !== 1) throw new StatisticsError('it is not of schema version 1')
  const { takenAt, server, names, relations } = file
  if (typeof takenAt !== 'string' || !isoDate.test(takenAt) || Number.isNaN(Date.parse(takenAt)))
    throw new StatisticsError('"takenAt" is not a date')
  if (typeof server !== 'string' || !/^\d{1,2}(?:\.\d{1,3})?$/.test(server))
    throw new StatisticsError('"server" is not a version of PostgreSQL')
  const form = nameForms.find(each => each === names)
  if (form === undefined) throw new StatisticsError('"names" is neither "plain" nor "sha256"')
  if (!Array.isArray(relations)) throw new StatisticsError('"relations" is not a list')
  const wrong = relations.findIndex(each => !isRelation(each))
  if (wrong >= 0)
    throw new StatisticsError(`entry ${wrong + 1} of "relations" has no name, kind and size as the schema says`)
  return { schemaVersion: 1, takenAt, server, names: form, relations: relations as FileRelation[] }
}

/** `Date.parse` also takes other text, such as anything in brackets. */
const isoDate = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)?$/

const knownKinds: ReadonlySet<string> = new Set(relationKinds)

function isRelation(value: unknown): boolean {
  const each = record(value)
  return (
    each !== null &&
    typeof each.name === 'string' &&
    typeof each.kind === 'string' &&
    knownKinds.has(each.kind) &&
    isFigure(each.bytes) &&
    (each.rows === undefined || isFigure(each.rows)) &&
    (each.indexBytes === undefined || isFigure(each.indexBytes)) &&
    (each.writesPerSecond === undefined || isFigure(each.writesPerSecond)) &&
    (each.partitionOf === undefined || typeof each.partitionOf === 'string')
  )
}

/** More than any figure of a server, and far less than what sums of partitions could make infinite. */
export const largestFigure = Number.MAX_SAFE_INTEGER

function isFigure(value: unknown): boolean {
  return typeof value === 'number' && 0 <= value && value <= largestFigure
}

function record(value: unknown): Readonly<Partial<Record<string, unknown>>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}
