import type { Span } from '../parse/span.ts'

/** Something that was to be linted and that nothing has looked into: the report says nothing of what it does. */
export interface Unread {
  readonly path: string
  /** All of a migration, a part of one, or a file beside the migrations. */
  readonly extent: 'migration' | 'part' | 'file'
  /** The tool whose it is, for people: `Alembic`. */
  readonly tool: string
  /** UTF-16 offsets: the part, or the head of the file. */
  readonly at: Span
  /** Why, a clause: `it is written in TypeScript`. */
  readonly why: string
  /** A migration that is SQL, and took too long: that is a finding, too. */
  readonly isGivenUp?: true
}

/** How many migrations were looked into, and how far: the three add up to those that a report is about. */
export interface Coverage {
  readonly read: number
  readonly readInPart: number
  readonly notRead: number
  /** Files beside the migrations that were not read. */
  readonly files: number
}

/** What of a report says how much it is about. */
export interface Covering {
  readonly summary: { readonly migrations: number }
  readonly unread: readonly Unread[]
}

/** Counted from what a report names as unread, so that no figure says another thing than the list. */
export function coverage({ summary, unread }: Covering): Coverage {
  const paths = (extent: Unread['extent']) => new Set(unread.flatMap(each => (each.extent === extent ? each.path : [])))
  const none = paths('migration')
  const some = [...paths('part')].filter(path => !none.has(path))
  return {
    read: Math.max(0, summary.migrations - none.size - some.length),
    readInPart: some.length,
    notRead: none.size,
    files: paths('file').size,
  }
}

/** Migrations that were not read, by the folder that they lie in, in order of the first of each. */
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

/** What stands for the reasons, each once, where there is room for a word: `TypeScript`; `it is written in TypeScript` without its beginning. */
export function reasons(unread: readonly Pick<Unread, 'why'>[]): string[] {
  return [...new Set(unread.map(({ why }) => why.replace(/^it is written in /, '')))]
}
