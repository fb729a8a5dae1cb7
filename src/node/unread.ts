import type { Config } from '../lint/config/config.ts'
import { type Covering, coverage, withoutPlaces } from '../lint/unread.ts'
import { howToPrintSql } from '../migration/printed-sql.ts'
import { notRead } from '../report/not-read.ts'

/** The words for a run that was not completed, a sentence. */
export function unfinished(what: string): string {
  return `Not everything could be linted: ${what}`
}

/**
 * Why a run that reached its end does not count as done: nothing could be read, or something required could not. One or more sentences,
 * with the remedy; null: it is done. `allow` says how to allow it.
 */
export function unreadTrouble(
  report: Covering,
  { unread: policy }: Pick<Config, 'unread'>,
  allow: string,
): string | null {
  const what = notRead(withoutPlaces(report))
  if (what === null || policy === 'allow') return null
  const { read, readInPart } = coverage(report)
  // A migration that takes too long is an error of its own.
  const code = report.unread.filter(({ extent, isGivenUp }) => extent === 'migration' && !isGivenUp)
  const isNothing = code.length > 0 && read + readInPart === 0
  if (!isNothing && policy !== 'fail') return null
  const tools = [...new Set(code.map(({ tool }) => tool))]
  const remedy = tools.map(tool => ` ${howToPrintSql(tool)}`).join('')
  return `${what}.${remedy} ${allow}`
}
