import type { Config } from '../lint/config/config.ts'
import { type Covering, coverage } from '../lint/unread.ts'
import { howToPrintSql } from '../migration/printed-sql.ts'
import { notRead } from '../report/not-read.ts'

/**
 * Why a run cannot be called done, although it ran to its end: nothing could be read, or something that has to be. A sentence or more,
 * with what to do; null: it is done. `allow` says how it is allowed.
 */
export function unreadTrouble(
  report: Covering,
  { unread: policy }: Pick<Config, 'unread'>,
  allow: string,
): string | null {
  const what = notRead(report)
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
