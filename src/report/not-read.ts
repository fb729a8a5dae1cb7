import type { Report } from '../lint/report.ts'
import { type Covering, coverage, reasons, type Unread, unreadFolders, withoutPlaces } from '../lint/unread.ts'
import { rangeOf } from './position.ts'
import { counted } from './words.ts'

// The words for migrations that were not read, which are the same in every report. Names in the text may be
// anybody's.

const reasonsShown = 3

/** For the first line, before any other result: `3 of 12 migrations could not be checked (Go)`; null: all were read. */
export function notRead(report: Covering): string | null {
  const { notRead: none, readInPart: some, files, places } = coverage(report)
  const all = report.summary.migrations
  const of = (count: number) => (count < all ? `${count} of ${counted(all, 'migration')}` : counted(count, 'migration'))
  const whole = report.unread.filter(({ extent }) => extent === 'migration')
  const said = [
    ...(none > 0 ? [`${of(none)} could not be checked (${among(reasons(whole))})`] : []),
    ...(some > 0 ? [none > 0 ? `${some} only in part` : `${of(some)} could be checked only in part`] : []),
    ...(files > 0 ? [`${counted(files, 'file')} beside the migrations ${files === 1 ? 'was' : 'were'} not read`] : []),
    ...(places > 0 ? [placesNotRead(places)] : []),
  ]
  return said.length === 0 ? null : said.join(', ')
}

/** Of files and folders that could not be opened. */
export function placesNotRead(count: number): string {
  return `${count} ${count === 1 ? 'file or folder' : 'files or folders'} could not be read`
}

/**
 * What is missing from the history on which the results depend: `3 earlier migrations are code and were not
 * read`; null: nothing is.
 */
export function earlierNotRead({ summary: { earlierNotRead: count } }: Pick<Report, 'summary'>): string | null {
  if (count === 0) return null
  return `${counted(count, 'earlier migration')} ${count === 1 ? 'is code and was' : 'are code and were'} not read`
}

/**
 * The details of `notRead`, a line for each folder: `db/migrations/: 3 migrations not checked (Go)`. Each file and folder that could not be
 * opened has a notice of its own.
 */
export function notReadByFolder(report: Report): string[] {
  return [...unreadFolders(withoutPlaces(report).unread)].map(([folder, unread]) => {
    const { notRead: none, readInPart: some, files } = coverage({ ...report, unread })
    const of = (extent: Unread['extent']) => unread.filter(each => each.extent === extent)
    const said = [
      ...(none > 0 ? [`${counted(none, 'migration')} not checked (${among(reasons(of('migration')))})`] : []),
      ...(some > 0 ? [`${counted(some, 'migration')} checked only in part (${first(of('part'), report)})`] : []),
      ...(files > 0 ? [`${counted(files, 'file')} not read (${first(of('file'), report)})`] : []),
    ]
    return `${folder === '' ? '.' : folder}/: ${said.join(', ')}`
  })
}

/** The name of an unread migration or part, its line, and the reason. */
function notReadPlace(unread: Unread, report: Pick<Report, 'sources'>): string {
  const line = unread.extent === 'part' ? `:${rangeOf(report.sources, unread).start.line}` : ''
  return `${unread.path.replace(/^.*\//s, '')}${line}: ${unread.why}`
}

function first(unread: readonly Unread[], report: Report): string {
  const [head] = unread
  const rest = unread.length - 1
  const place = head === undefined ? '' : notReadPlace(head, report)
  return `${place}${rest > 0 ? `; and ${rest} more` : ''}`
}

function among(words: readonly string[]): string {
  const rest = words.length - reasonsShown
  return [...words.slice(0, reasonsShown), ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
}
