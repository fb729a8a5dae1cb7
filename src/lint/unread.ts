import type { Span } from '../parse/span.ts'

/** Something that should have been linted but was not read: the report says nothing about its effects. */
export interface Unread {
  readonly path: string
  /** All of a migration, a part of one, a file beside the migrations, or a file or folder that could not be opened at all. */
  readonly extent: 'migration' | 'part' | 'file' | 'place'
  /** The tool that it belongs to, for people: `Alembic`; empty for a file or folder that could not be opened. */
  readonly tool: string
  /** UTF-16 offsets: the part, or the head of the file. */
  readonly at: Span
  /** Why, a clause: `it is written in TypeScript`. */
  readonly why: string
  /** The language, if that alone is why: `TypeScript`. */
  readonly language?: string
  /** A migration in SQL that took too long: there is a finding about it, too. */
  readonly isGivenUp?: true
}

/** How many migrations were read, and how completely. The first three add up to the migrations that a report is about. */
export interface Coverage {
  readonly read: number
  readonly readInPart: number
  readonly notRead: number
  /** Files beside the migrations that were not read. */
  readonly files: number
  /** Files and folders that could not be opened: the number of migrations in them is unknown. */
  readonly places: number
}

/** A file or folder that could not be opened. `why`: a clause. */
export function unreadPlace({ path, why }: Pick<Unread, 'path' | 'why'>): Unread {
  return { path, extent: 'place', tool: '', at: [0, 0], why }
}

/** The parts of a report that say how much it covers. */
export interface Covering {
  readonly summary: { readonly migrations: number }
  readonly unread: readonly Unread[]
}

/** The counts come from the list of unread items in the report, so that no figure disagrees with the list. */
export function coverage({ summary, unread }: Covering): Coverage {
  const paths = (extent: Unread['extent']) => new Set(unread.flatMap(each => (each.extent === extent ? each.path : [])))
  const none = paths('migration')
  const some = [...paths('part')].filter(path => !none.has(path))
  return {
    read: Math.max(0, summary.migrations - none.size - some.length),
    readInPart: some.length,
    notRead: none.size,
    files: paths('file').size,
    places: paths('place').size,
  }
}

/** The same without the files and folders that could not be opened: each of them has a notice of its own. */
export function withoutPlaces<Of extends Pick<Covering, 'unread'>>(report: Of): Of {
  return { ...report, unread: report.unread.filter(({ extent }) => extent !== 'place') }
}

/** Migrations that were not read, by their folder, in order of the first of each. */
export function unreadFolders<Of extends Pick<Unread, 'path'>>(unread: readonly Of[]): Map<string, Of[]> {
  const folders = new Map<string, Of[]>()
  for (const each of unread) {
    const folder = each.path.slice(0, Math.max(0, each.path.lastIndexOf('/')))
    const own = folders.get(folder)
    if (own) own.push(each)
    else folders.set(folder, [each])
  }
  return folders
}

/** The reasons, each once; of a migration in another language, the name of the language. */
export function reasons(unread: readonly Pick<Unread, 'why' | 'language'>[]): string[] {
  return [...new Set(unread.map(({ why, language }) => language ?? why))]
}
