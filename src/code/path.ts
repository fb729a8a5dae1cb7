import type { Span } from '../parse/span.ts'
import type { Run } from './run.ts'
import { joined, type Piece, plain, type Text, textAt, unknownIn } from './text.ts'
import { type Unknown, unknown, type Value } from './value.ts'

/**
 * Pieces of text that begin at the root of the tree. A program can write an absolute path as well, and then it is one of another machine:
 * the same text that is made of other pieces never leads into the tree.
 */
const rooted = new WeakSet<Piece>()

function ofTree(path: string, at: Span): Text {
  const text = textAt(path, at)
  for (const piece of text.pieces) rooted.add(piece)
  return text
}

function isOfTree({ pieces: [first] }: Text): boolean {
  return first !== undefined && rooted.has(first)
}

/** Where the program itself is. */
export function ownPath({ beside }: Run, at: Span): Value {
  return beside ? ofTree(`/${beside.path}`, at) : unknown('it is the name of the file', at)
}

/** The folder in which it is. */
export function ownFolder({ beside }: Run, at: Span): Value {
  return beside ? ofTree(folder(`/${beside.path}`) || '/', at) : unknown('it is the name of the folder', at)
}

/** The folder of the project, by a part of the path of its migrations: `db` of `app/db/migrate/1.rb`. */
export function projectFolder({ beside }: Run, within: string, at: Span): Value {
  const path = `/${beside?.path ?? ''}`
  const found = path.indexOf(`/${within}/`)
  return beside && found >= 0 ? ofTree(path.slice(0, found) || '/', at) : unknown('it is the folder of the project', at)
}

/** Parts of a path as one: what follows an absolute one is behind it, unless `restarts` says that it begins again. */
export function joinedPath(parts: readonly Value[], at: Span, restarts = false): Value {
  let path: Text | null = null
  for (const part of parts) {
    if (part.kind !== 'text') return notKnown(part, at)
    const isNew: boolean = path === null || (restarts && plain(part).startsWith('/'))
    path = isNew || path === null ? part : joined([path, textAt('/', at), part])
  }
  return path ?? textAt('.', at)
}

/** The folder of a path: `dirname`. */
export function folderOf(path: Value | undefined, at: Span): Value {
  if (path?.kind !== 'text' || unknownIn(path) !== null) return notKnown(path, at)
  const all = plain(path)
  const above = all.startsWith('/') ? folder(resolved(all) ?? '/') || '/' : folder(all) || '.'
  return isOfTree(path) && resolved(all) !== null ? ofTree(above, at) : textAt(above, at)
}

/** The value that a program gets when it loads a file of SQL. Other files are unknown. */
export function sqlIn(run: Run, path: Value | undefined, at: Span): Value {
  if (path?.kind !== 'text' || unknownIn(path) !== null) return notKnown(path, at)
  const { beside } = run
  const said = plain(path)
  if (!beside || !/\.sql$/i.test(said)) return unknown('it is read from a file', at)
  if (said.startsWith('/') && !isOfTree(path))
    return unknown(`the file ${JSON.stringify(said)} is outside of the project`, at)
  const found = candidates(said, beside.path).flatMap(candidate => {
    const text = beside.textOf(candidate)
    return text === null ? [] : [{ candidate, text }]
  })
  const [nearest] = found
  if (!nearest) return unknown(`there is no file ${JSON.stringify(said)}`, at)
  // Which of them is read depends on the folder in which the tool is started.
  if (found.some(({ text }) => text !== nearest.text))
    return unknown(`there are several files ${JSON.stringify(said)}, and they differ`, at)
  const why = badBytes(said, nearest.text, () => beside.problemOf(nearest.candidate))
  if (why !== null && nearest.text === '') return unknown(why, at)
  if (why !== null && !run.loaded.has(nearest.candidate)) run.unread(at, why)
  run.load(nearest.candidate, nearest.text)
  return textAt(nearest.text, at)
}

/**
 * Why the text of a file is not what the server gets, as a clause: some of its bytes are not text. Null: it is. `problem`: what is wrong,
 * which is only asked where the text may have lost something.
 */
export function badBytes(name: string, text: string, problem: () => string | null): string | null {
  if (text !== '' && !/[\ufffd\0]/.test(text)) return null
  const what = problem()
  return what === null ? null : `the file ${JSON.stringify(name)} cannot be read as it is (${what})`
}

/**
 * The path of a file of a project: that of the nearest folder with a file of this name, such as `Shop.csproj`. Null: there is none, or its
 * project does not have the file.
 */
export function projectFile({ beside }: Run, marker: string, path: string, at: Span): Text | null {
  if (!beside || marker.includes('/')) return null
  for (let above = folder(`/${beside.path}`); ; above = folder(above)) {
    if (beside.textOf(`${above}/${marker}`.slice(1)) !== null) {
      const found = resolved(`${above}/${path}`)
      return found !== null && beside.textOf(found.slice(1)) !== null ? ofTree(found, at) : null
    }
    if (above === '') return null
  }
}

/** Where a tool is started is not known: a relative path may be one from any folder above, the nearest first. */
function candidates(said: string, own: string): string[] {
  if (said.startsWith('/')) return [resolved(said)?.slice(1) ?? []].flat()
  const found: string[] = []
  for (let above = folder(`/${own}`); ; above = folder(above)) {
    const path = resolved(`${above}/${said}`)
    if (path !== null) found.push(path.slice(1))
    if (above === '') return found
  }
}

/** A path that is relative to the folder of another file, as a path of the tree; null: it leads out of the tree. */
export function inTree(own: string, relative: string): string | null {
  return resolved(`${folder(`/${own}`)}/${relative}`)?.slice(1) ?? null
}

/** Without `.` and `..`; null: it leads out of the tree. */
function resolved(path: string): string | null {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return null
    } else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

function folder(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function notKnown(value: Value | undefined, at: Span): Unknown {
  return unknown(value?.kind === 'unknown' ? value.why : 'the path of the file is unknown', at)
}
