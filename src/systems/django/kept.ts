import { plain, unknownIn } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import { nameOf, objectOf } from './object.ts'

/**
 * What is kept of a migration's value for later migrations: its content without its places, which belong to one file.
 */
export type Kept = string | number | boolean | null | readonly Kept[] | KeptRecord | Made | Named | NotKept

/** An instance of a class that the migration imports: `models.Q(…)`. Methods are paths that begin with a dot: `.desc`. */
export interface Made {
  readonly kind: 'made'
  /** With its module: `django.db.models.Q`. */
  readonly path: string
  readonly args: readonly Kept[]
  readonly named: ReadonlyMap<string, Kept>
}

/** A class, a function, or a constant by its name. */
export interface Named {
  readonly kind: 'named'
  readonly path: string
}

export interface KeptRecord {
  readonly kind: 'record'
  readonly entries: ReadonlyMap<string, Kept>
}

export interface NotKept {
  readonly kind: 'unknown'
  /** Why, a clause. */
  readonly why: string
}

/** Deeper nesting than any migration that a person wrote has. */
const most = 20_000
const deepest = 40

/** Converts a value to what is kept of it. */
export function keep(value: Value): Kept {
  let left = most
  const kept = (each: Value, depth: number): Kept => {
    if (--left < 0 || depth > deepest) return { kind: 'unknown', why: 'it is too large' }
    switch (each.kind) {
      case 'text': {
        const why = unknownIn(each)
        return why === null ? plain(each) : { kind: 'unknown', why }
      }
      case 'plain':
        return each.value ?? null
      case 'list':
        if (each.isOpen) return { kind: 'unknown', why: 'part of the list is unknown' }
        return each.items.map(item => kept(item, depth + 1))
      case 'record':
        if (each.isOpen || each.base) return { kind: 'unknown', why: 'a part of it is unknown' }
        return {
          kind: 'record',
          entries: new Map([...each.entries].map(([name, item]) => [name, kept(item, depth + 1)])),
        }
      case 'callable':
        return { kind: 'named', path: `.${each.name}` }
      case 'host': {
        const made = objectOf(each)
        if (!made) return { kind: 'named', path: nameOf(each) ?? each.name }
        return {
          kind: 'made',
          path: made.path,
          args: made.args.map(item => kept(item, depth + 1)),
          named: new Map([...made.named].map(([name, item]) => [name, kept(item, depth + 1)])),
        }
      }
      default:
        return each.name !== undefined && !each.of && !each.isForeign
          ? { kind: 'named', path: each.name }
          : { kind: 'unknown', why: each.why }
    }
  }
  return kept(value, 0)
}

export function isMade(value: Kept | undefined): value is Made {
  return isObjectOf(value, 'made')
}

export function isNamed(value: Kept | undefined): value is Named {
  return isObjectOf(value, 'named')
}

export function isUnknown(value: Kept | undefined): value is NotKept {
  return isObjectOf(value, 'unknown')
}

export function isRecord(value: Kept | undefined): value is KeptRecord {
  return isObjectOf(value, 'record')
}

export function isList(value: Kept | undefined): value is readonly Kept[] {
  return Array.isArray(value)
}

function isObjectOf(value: Kept | undefined, kind: 'made' | 'named' | 'unknown' | 'record'): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind
}

/** The last part of a path: `CharField` of `django.db.models.CharField`. */
export function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1)
}

/** The texts in a list. */
export function textsOf(value: Kept | undefined): string[] {
  return isList(value) ? value.filter(each => typeof each === 'string') : []
}

/** A text that is the same for equal values. */
export function signature(value: Kept): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isList(value)) return `[${value.map(signature).join(',')}]`
  if (isMade(value)) return `${value.path}(${value.args.map(signature).join(',')};${ofEntries(value.named)})`
  if (isNamed(value)) return `<${value.path}>`
  return isRecord(value) ? `{${ofEntries(value.entries)}}` : '?'
}

function ofEntries(entries: ReadonlyMap<string, Kept>): string {
  return [...entries]
    .map(([name, value]) => `${JSON.stringify(name)}:${signature(value)}`)
    .sort()
    .join(',')
}
