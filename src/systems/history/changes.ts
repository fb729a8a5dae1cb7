import type { Change, ChangeFact, Outcome } from '../../migration/change.ts'
import type { Discrepancy } from '../../migration/discrepancy.ts'
import { allowedEdits } from '../../parse/directive.ts'
import { decode } from '../../parse/source.ts'
import type { Span } from '../../parse/span.ts'
import type { Project } from '../discover.ts'
import type { Tree } from '../reading/tree.ts'
import type { Migration } from '../system.ts'
import { editOf, unified } from './edit.ts'
import * as guard from './guard.ts'
import { renames } from './renames.ts'

/** A project, and where its files are read. */
export interface Reading {
  readonly project: Project
  readonly tree: Tree
}

/** What is applied already, read by the same system. */
export interface Past extends Reading {
  /** For people: `origin/main`. */
  readonly name: string
  /** The present project together with what has come since to where it will be merged, in the system's order. */
  readonly joined: readonly Migration[]
  /** Paths of the migrations that are there. */
  readonly tip: ReadonlySet<string>
}

export interface Changes {
  /** Path of a migration that is there → what became of it. */
  readonly present: ReadonlyMap<string, readonly Change[]>
  /** Migrations that are no longer there, as they were. */
  readonly gone: readonly { readonly migration: Migration; readonly change: Change }[]
  /** Path of a migration that is there → what it will not agree with once it is merged. */
  readonly merged?: ReadonlyMap<string, readonly Discrepancy[]>
}

/** Why a change of this path is allowed, for people; null: it is not. `was`: its path where it is applied. */
export type Allowance = (path: string, was: string | null) => string | null

/** What has become of the migrations of a project since they were applied. */
export function changesSince({ project, tree }: Reading, past: Past, allowance: Allowance): Changes {
  const { system } = project
  const before = past.project
  const applied = new Map(before.migrations.map(migration => [keyOf(before, migration), migration]))
  const keys = new Set(project.migrations.map(migration => keyOf(project, migration)))
  const fresh = project.migrations.filter(migration => !applied.has(keyOf(project, migration)))
  const lost = before.migrations.filter(migration => !keys.has(keyOf(before, migration)))
  const present = new Map<string, Change[]>()
  const tell = (migration: Migration, from: Migration | undefined, outcome: Outcome, fact: ChangeFact, at = head) => {
    const allowed = allowance(migration.path, from?.path ?? null) ?? permission(migration, from)
    const all = present.get(migration.path) ?? []
    present.set(migration.path, [...all, { ...fact, at, outcome, base: past.name, allowed }])
  }

  for (const migration of project.migrations) {
    const from = applied.get(keyOf(project, migration))
    if (!from || migration.repeatable) continue
    const edit = editOf(from, migration)
    const outcome = edit && guard.outcomeOfEdit(system, edit.kind)
    if (outcome) tell(migration, from, outcome, { kind: 'edited', edit: edit.kind, file: null }, edit.at)
    const file = migration.downPath
    if (file === undefined || from.downPath === undefined) continue
    if (isSame(textOf(past.tree, from.downPath), textOf(tree, file))) continue
    const apart = guard.outcomeOfEdit(system, 'down', true)
    if (apart) tell(migration, from, apart, { kind: 'edited', edit: 'down', file })
  }

  const { pairs, squash } = renames(
    lost.filter(({ repeatable }) => !repeatable),
    fresh,
  )
  for (const [migration, from] of pairs) {
    const edit = editOf(from, migration)
    const changed = edit && guard.outcomeOfEdit(system, edit.kind)
    const outcome = guard.outcomeOfRename(system, from.id === migration.id)
    const graver = changed && changed.severity === 'error' && outcome.severity !== 'error' ? changed : outcome
    tell(migration, from, graver, { kind: 'renamed', from: from.path, edit: changed ? edit.kind : null })
  }

  const renamed = new Set(pairs.values())
  const deleted = lost.filter(migration => !renamed.has(migration) && !migration.repeatable)
  const added = fresh.filter(
    migration => !pairs.has(migration) && !migration.repeatable && !past.tip.has(migration.path),
  )
  if (squash) {
    const gone = deleted.map(({ path }) => path)
    tell(squash, undefined, guard.outcomeOfSquash(system), { kind: 'squashed', gone })
  }
  const twins = new Set<Migration>()
  for (const migration of added) {
    const twin = past.joined.find(
      ({ id, path, repeatable }) => id === migration.id && path !== migration.path && !repeatable,
    )
    if (twin && !twins.has(twin)) {
      tell(migration, undefined, guard.outcomeOfDuplicate(system), {
        kind: 'duplicate',
        version: migration.id,
        other: twin.path,
      })
      twins.add(migration)
    } else if (!squash) {
      const outcome = guard.outcomeOfLateness(system)
      const later = outcome ? appliedAfter(migration, past) : []
      if (outcome && later.length > 0) tell(migration, undefined, outcome, { kind: 'late', before: later })
    }
  }
  return { present, gone: squash ? [] : deletions(deleted, project, past, allowance) }
}

const head: Span = [0, 0]

/** A migration's place within its folder: the folder itself may be moved. */
function keyOf({ directory }: Project, { path }: Migration): string {
  return directory !== '' && path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path
}

/** Paths of what is applied and sorted after it. */
function appliedAfter({ path }: Migration, { joined, tip }: Past): string[] {
  const place = joined.findIndex(other => other.path === path)
  const after = place === -1 ? [] : joined.slice(place + 1)
  return after.filter(other => tip.has(other.path) && !other.repeatable).map(other => other.path)
}

/** One finding each for a few; for more a single one. */
function deletions(
  deleted: readonly Migration[],
  { system }: Project,
  { name }: Past,
  allowance: Allowance,
): Changes['gone'] {
  const told = deleted.filter(({ path }) => allowance(path, path) === null)
  const pardoned = deleted.filter(({ path }) => allowance(path, path) !== null)
  const change = (migration: Migration, others: readonly Migration[]) => ({
    migration,
    change: {
      kind: 'deleted' as const,
      others: others.map(({ path }) => path),
      at: head,
      outcome: guard.outcomeOfDeletion(system),
      base: name,
      allowed: allowance(migration.path, migration.path),
    },
  })
  const [first, ...others] = told
  const grouped = first && others.length >= 3 ? [change(first, others)] : told.map(migration => change(migration, []))
  return [...grouped, ...pardoned.map(migration => change(migration, []))]
}

/** The reason that a new comment in the file gives; one that was applied with it is spent. */
function permission(now: Migration, before: Migration | undefined): string | null {
  const spent = new Set(before ? permissions(before) : [])
  return permissions(now).find(reason => !spent.has(reason)) ?? null
}

function permissions({ path, content, opaque }: Migration): string[] {
  return allowedEdits(decode(path, content).source.text, opaque === undefined)
}

function textOf(tree: Tree, path: string): string | null {
  try {
    return unified(decode(path, tree.read(path)).source.text)
  } catch {
    return null
  }
}

function isSame(a: string | null, b: string | null): boolean {
  return a === null || b === null || a === b
}
