import { decode } from '../parse/source.ts'
import type { Span } from '../parse/span.ts'
import { type UnreadPart, unreadParts } from '../parse/unread.ts'
import type { Project } from './discover.ts'
import { plain } from './plain/plain.ts'
import { baseName, parentOf } from './reading/files.ts'
import { contains } from './reading/tree.ts'
import { compareUnits } from './reading/version.ts'
import type { Aside, AsideKind, Migration, System } from './system.ts'

/** A state of a repository as it is read: the migrations of its projects, and the files that are set aside. */
export class Reading {
  readonly migrations: ReadonlyMap<string, Migration>
  readonly asides: ReadonlyMap<string, Aside>
  private readonly projects: readonly Project[]
  private readonly kinds = new Map<Project, ReadonlySet<string>>()
  private readonly backs = new Map<
    Project,
    { readonly linked: ReadonlySet<string>; readonly stems: ReadonlySet<string> }
  >()

  private readonly isAnyUsed: boolean

  /** `isAnyUsed`: treats a system as one that was used before, although it was not. */
  constructor(projects: readonly Project[], isAnyUsed = false) {
    this.isAnyUsed = isAnyUsed
    this.projects = [...projects].sort(innermostFirst)
    this.migrations = new Map(projects.flatMap(({ migrations }) => migrations.map(each => [each.path, each] as const)))
    this.asides = new Map(projects.flatMap(({ asides }) => asides.map(each => [each.path, each] as const)))
  }

  /** The innermost project that a file lies in. */
  homeOf(path: string): Project | undefined {
    return this.projects.find(({ directory }) => contains(directory, path))
  }

  /** The kinds of parts of a project's migrations that are not read. */
  unreadKinds(project: Project | undefined): ReadonlySet<string> {
    const own = this.own(project)
    if (!own) return new Set()
    const known = this.kinds.get(own)
    const found = known ?? new Set(own.migrations.flatMap(each => unreadPartsOf(each, true).map(({ kind }) => kind)))
    this.kinds.set(own, found)
    return found
  }

  /** The parts of a migration that are not read. Down parts are among them if the migration's system was in use before. */
  unreadOf(migration: Migration, before: Reading): UnreadPart[] {
    const home = this.homeOf(migration.path)
    return unreadPartsOf(migration, home !== undefined && before.isUsed(home.system))
  }

  /** True for a system that has migrations, and for any system if there are none at all. */
  isUsed(system: System): boolean {
    const used = this.projects.filter(({ migrations }) => migrations.length > 0)
    return this.isAnyUsed || used.length === 0 || used.some(each => each.system === system)
  }

  /** Files of a project that are set aside for the same reason. */
  asidesLike(kind: AsideKind, project: Project | undefined): readonly Aside[] {
    return this.own(project)?.asides.filter(each => each.kind === kind) ?? []
  }

  /**
   * True for a file that takes a migration back, if the migration's system was in use before; for plain SQL, if such
   * files were set aside before.
   */
  isWayBack(path: string, before: Reading): boolean {
    const home = this.homeOf(path)
    if (!home) return false
    const { linked, stems } = this.backsOf(home)
    const isPaired = linked.has(path) || (this.asides.get(path)?.kind === 'undo' && stems.has(stem(path)))
    if (home.system === plain) return isPaired && before.asidesLike('undo', home).length > 0
    return isPaired && before.isUsed(home.system)
  }

  private backsOf(project: Project) {
    const known = this.backs.get(project)
    if (known) return known
    const { migrations } = project
    const made = {
      linked: new Set(migrations.flatMap(({ downPath }) => downPath ?? [])),
      stems: new Set(migrations.map(({ path }) => stem(path))),
    }
    this.backs.set(project, made)
    return made
  }

  /** The project in this state that has the same folder and system. */
  private own(project: Project | undefined): Project | undefined {
    return this.projects.find(each => each.directory === project?.directory && each.system === project.system)
  }
}

function unreadPartsOf({ path, content, parts, downParts, opaque }: Migration, hasDown: boolean): UnreadPart[] {
  if (opaque !== undefined || !/\.sql$/i.test(path)) return []
  const { text } = decode(path, content).source
  const regions: Span[] = parts ? parts(text).map(({ span }) => span) : [[0, text.length]]
  return unreadParts(text, regions, hasDown && downParts ? downParts(text).map(({ span }) => span) : [])
}

/** `db/down/2_x.sql`, `db/2_x.down.sql` and `db/2_x.sql` → `2_x`; `2_x/up.sql` and `2_x/down.sql` → `2_x`. */
function stem(path: string): string {
  const name = baseName(path).replace(/\.sql$/i, '')
  if (/^(?:migration|up|down|undo|reverts?|rollbacks?)$/i.test(name)) return baseName(parentOf(path))
  return name.replace(/[._-](?:up|down|undo|reverts?|rollbacks?)$/i, '')
}

/** Sorts a directory before those around it: the name of an inner one begins with that of the outer one, so it sorts later. */
export function innermostFirst(a: { readonly directory: string }, b: { readonly directory: string }): number {
  return compareUnits(b.directory, a.directory)
}
