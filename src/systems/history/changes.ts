import type { Change, ChangeFact, Outcome } from '../../migration/change.ts'
import type { Discrepancy } from '../../migration/discrepancy.ts'
import { allowedEdits } from '../../parse/directive.ts'
import { greatest } from '../../parse/list.ts'
import { decode } from '../../parse/source.ts'
import type { Span } from '../../parse/span.ts'
import type { Project } from '../discover.ts'
import { baseName, join, parentOf } from '../reading/files.ts'
import type { Tree } from '../reading/tree.ts'
import type { Migration } from '../system.ts'
import { editOf, unified } from './edit.ts'
import * as outcomes from './outcomes.ts'
import { renames } from './renames.ts'

/** A project, and the tree in which its files are read. */
export interface Reading {
  readonly project: Project
  readonly tree: Tree
}

/** The applied migrations, read by the same system. */
export interface Past extends Reading {
  /** For people: `origin/main`. */
  readonly name: string
  /** The present project together with later migrations of the branch into which it will be merged, in the system's order. */
  readonly joined: readonly Migration[]
  /** Paths of the present migrations. */
  readonly tip: ReadonlySet<string>
}

export interface Changes {
  /** Path of a present migration → its changes. */
  readonly present: ReadonlyMap<string, readonly Change[]>
  /** Missing migrations, with their former content. */
  readonly gone: readonly { readonly migration: Migration; readonly change: Change }[]
  /** Path of a present migration → its disagreements after the merge. */
  readonly merged?: ReadonlyMap<string, readonly Discrepancy[]>
}

/** The reason why a change of this path is allowed, for people; null: it is not. `was`: its path when it was applied. */
export type Allowance = (path: string, was: string | null) => string | null

/** The changes to a project's migrations since they were applied. */
export function changesSince({ project, tree }: Reading, past: Past, allowance: Allowance): Changes {
  const { system } = project
  const before = past.project
  const applied = new Map(before.migrations.map(migration => [keyOf(before, migration), migration]))
  const keys = new Set(project.migrations.map(migration => keyOf(project, migration)))
  const fresh = project.migrations.filter(migration => !applied.has(keyOf(project, migration)))
  const replaced = new Set(project.asides.flatMap(each => (each.isReplaced ? keyOf(project, each) : [])))
  const lost = before.migrations.filter(migration => {
    const key = keyOf(before, migration)
    return !keys.has(key) && !replaced.has(key)
  })
  const present = new Map<string, Change[]>()
  const tell = (migration: Migration, from: Migration | undefined, outcome: Outcome, fact: ChangeFact, at = head) => {
    const allowed = allowance(migration.path, from?.path ?? null) ?? permission(migration, from)
    const all = present.get(migration.path) ?? []
    present.set(migration.path, [...all, { ...fact, at, outcome, base: past.name, allowed }])
  }

  const latest = greatest(before.migrations.map(({ stamp }) => stamp?.when ?? 0))
  const tellStamp = (migration: Migration, from: Migration) => {
    const [was, now] = [from.stamp?.when, migration.stamp?.when]
    if (was === undefined || now === undefined || !migration.stamp || was === now) return
    const outcome = outcomes.outcomeOfStamp(system, was, now, latest)
    tell(migration, from, outcome, { kind: 'restamped', file: migration.stamp.file, was, now })
  }
  const moved = firstMoved({ project, tree }, past)
  if (moved?.stamp) {
    const from = applied.get(keyOf(project, moved))
    tell(moved, from, outcomes.outcomeOfReordering(system), { kind: 'reordered', file: moved.stamp.file })
  }
  for (const { path, kind, why } of project.asides) {
    const key = keyOf(project, { path })
    if (kind !== 'never-runs' || isThere(past.tree, join(before.directory, key))) continue
    const outcome = outcomes.outcomeOfUnlisted(system, !key.includes('/'))
    const allowed = allowance(path, null)
    present.set(path, [{ kind: 'unlisted', why, at: head, outcome, base: past.name, allowed }])
  }

  const editSince = (from: Migration, migration: Migration) =>
    editOf(from, migration, {
      before: { all: before.migrations, tree: past.tree },
      after: { all: project.migrations, tree },
    })
  for (const migration of project.migrations) {
    const from = applied.get(keyOf(project, migration))
    if (!from || migration.repeatable) continue
    tellStamp(migration, from)
    const edit = editSince(from, migration)
    const outcome = edit && outcomes.outcomeOfEdit(system, edit.kind, false, isCode(migration))
    if (outcome) tell(migration, from, outcome, { kind: 'edited', edit: edit.kind, file: null }, edit.at)
    const file = migration.downPath
    if (file === undefined || from.downPath === undefined) continue
    if (isSame(textOf(past.tree, from.downPath), textOf(tree, file))) continue
    const apart = outcomes.outcomeOfEdit(system, 'down', true)
    if (apart) tell(migration, from, apart, { kind: 'edited', edit: 'down', file })
  }

  const { pairs, squash } = renames(
    lost.filter(({ repeatable }) => !repeatable),
    fresh,
  )
  const isTwinBefore = twinsIn(before)
  for (const [migration, from] of pairs) {
    const edit = editSince(from, migration)
    const changed = edit && outcomes.outcomeOfEdit(system, edit.kind, false, isCode(migration))
    const isStamped = from.stamp !== undefined && migration.stamp !== undefined
    const sameVersion = isStamped ? from.stamp.when === migration.stamp.when : from.id === migration.id
    const outcome = outcomes.outcomeOfRename(system, sameVersion, isStamped)
    tellStamp(migration, from)
    const graver = changed && changed.severity === 'error' && outcome.severity !== 'error' ? changed : outcome
    tell(migration, from, graver, {
      kind: 'renamed',
      from: from.path,
      edit: changed ? edit.kind : null,
      isFreed: isTwinBefore(from),
    })
  }

  const renamed = new Set(pairs.values())
  const deleted = lost.filter(migration => !renamed.has(migration) && !migration.repeatable)
  const added = fresh.filter(
    migration => !pairs.has(migration) && !migration.repeatable && !past.tip.has(migration.path),
  )
  if (squash) {
    const gone = deleted.map(({ path }) => path)
    tell(squash, undefined, outcomes.outcomeOfSquash(system), { kind: 'squashed', gone })
  }
  const twins = new Set<Migration>()
  for (const migration of added) {
    const twin = past.joined.find(
      ({ id, path, repeatable }) => id === migration.id && path !== migration.path && !repeatable,
    )
    if (twin && !twins.has(twin)) {
      tell(migration, undefined, outcomes.outcomeOfDuplicate(system), {
        kind: 'duplicate',
        version: migration.id,
        other: twin.path,
      })
      twins.add(migration)
    } else if (!squash) {
      const outcome = outcomes.outcomeOfLateness(system, migration)
      const later = outcome ? appliedAfter(migration, past) : []
      if (outcome && later.length > 0) tell(migration, undefined, outcome, { kind: 'late', before: later })
    }
  }
  return { present, gone: squash ? [] : deletions(deleted, past, allowance) }
}

const head: Span = [0, 0]

function isCode({ opaque }: Migration): boolean {
  return opaque !== undefined
}

/** A migration's place within its folder: the folder itself may be moved. */
function keyOf({ directory }: Project, { path }: Pick<Migration, 'path'>): string {
  return directory !== '' && path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path
}

/** True for a migration if another one of the project has the same version. */
function twinsIn({ migrations }: Project): (migration: Migration) => boolean {
  const paths = new Map<string, Set<string>>()
  for (const { id, path, repeatable } of migrations)
    if (!repeatable) paths.set(id, (paths.get(id) ?? new Set()).add(path))
  return ({ id, path }) => {
    const same = paths.get(id)
    return same !== undefined && same.size > (same.has(path) ? 1 : 0)
  }
}

function isThere(tree: Tree, path: string): boolean {
  return tree.list(parentOf(path)).some(({ name }) => name === baseName(path))
}

/** The first migration that the journal now has at another place among the applied ones. */
function firstMoved({ project }: Reading, { project: before }: Past): Migration | undefined {
  const now = new Map(project.migrations.flatMap(each => (each.stamp ? [[keyOf(project, each), each] as const] : [])))
  const was = before.migrations.map(each => keyOf(before, each)).filter(key => now.has(key))
  const known = new Set(was)
  const key = [...now.keys()].filter(each => known.has(each)).find((each, i) => each !== was[i])
  return key === undefined ? undefined : now.get(key)
}

/** Paths of the applied migrations that are sorted after it. */
function appliedAfter({ path, stamp }: Migration, { joined, tip }: Past): string[] {
  const place = joined.findIndex(other => other.path === path)
  const after = place === -1 ? [] : joined.slice(place + 1)
  // A journal may list it before others and give it a later time: then it runs.
  const isLater = (other: Migration) => !stamp || !other.stamp || other.stamp.when >= stamp.when
  return after.filter(other => tip.has(other.path) && !other.repeatable && isLater(other)).map(other => other.path)
}

/** One finding for each of a few; a single one for many. */
function deletions(deleted: readonly Migration[], { name, project }: Past, allowance: Allowance): Changes['gone'] {
  const isTwin = twinsIn(project)
  const told = deleted.filter(({ path }) => allowance(path, path) === null)
  const pardoned = deleted.filter(({ path }) => allowance(path, path) !== null)
  const change = (migration: Migration, others: readonly Migration[]) => ({
    migration,
    change: {
      kind: 'deleted' as const,
      others: others.map(({ path }) => path),
      isFreed: isTwin(migration),
      at: head,
      outcome: outcomes.outcomeOfDeletion(project.system),
      base: name,
      allowed: allowance(migration.path, migration.path),
    },
  })
  const [first, ...others] = told
  const grouped = first && others.length >= 3 ? [change(first, others)] : told.map(migration => change(migration, []))
  return [...grouped, ...pardoned.map(migration => change(migration, []))]
}

/** The reason that a new comment in the file gives. A comment that was applied together with the migration no longer counts. */
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
