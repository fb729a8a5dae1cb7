import { code, prose } from '../markdown-text.ts'
import { positionsIn } from '../position.ts'
import { counted } from '../words.ts'
import type { SeenRelation, Trace, TracedStatement } from './trace.ts'
import { duration, inWords, isTold, leftBy, outcomeOf, refusal, unseenLocks } from './words.ts'

/** The statements and the letters of each that have room beside findings. */
const mostRows = 50
const mostLetters = 120

/**
 * What a server did, as a section of a comment or of the summary of a job: the outcome, and a table of statements. `hasTimes`: false where equal
 * results must give equal text. `limit`: the most characters that it may take.
 */
export function traceMarkdown(
  trace: Trace,
  { hasTimes, limit }: { readonly hasTimes: boolean; readonly limit: number },
): string {
  const { notRun, failures, result } = outcomeOf(trace)
  const told = [...(notRun === null ? [] : [notRun]), ...failures, result].map(line => prose(line))
  const rows = trace.files.flatMap(({ statements, source }) => {
    const positions = positionsIn(source)
    return statements.map(each => row(each, source.path, positions.at(each.span[0]).line, hasTimes))
  })
  const more = trace.files.flatMap(file => leftBy(file).map(words => `- ${prose(words)}`))
  const head = `| Statement | What it did${hasTimes ? ' | Time' : ''} |\n| --- | ---${hasTimes ? ' | ---:' : ''} |`
  const parts = [`\n### On ${prose(trace.server)}\n`, ...told.flatMap(line => [line, '']), ...more]
  let text = parts.join('\n')
  let shown = 0
  for (const line of rows.slice(0, mostRows)) {
    const next = `${text}${shown === 0 ? `\n${head}` : ''}\n${line}`
    if (next.length + 200 > limit) break
    text = next
    shown++
  }
  const rest = rows.length - shown
  return `${text}\n${rest > 0 ? `\n${counted(rest, 'more statement')} in the log.\n` : ''}`.slice(0, limit)
}

function row(statement: TracedStatement, path: string, line: number, hasTimes: boolean): string {
  const { text, seen, notSent, differences } = statement
  const sql = text.trim().replace(/\s+/g, ' ')
  const short = [...sql].length > mostLetters ? `${[...sql].slice(0, mostLetters).join('')} …` : sql
  const did = [
    ...(notSent === null ? [] : [`not run: ${notSent}`]),
    ...[refusal(statement) ?? []].flat(),
    ...(seen?.relations ?? []).filter(isTold).map(relationLine),
    ...[unseenLocks(statement) ?? []].flat(),
    ...differences.map(each => `differs from the prediction: ${inWords(each)}`),
  ]
  const time = hasTimes ? ` | ${seen ? duration(seen.milliseconds) : ''}` : ''
  return `| ${code(`${path}:${line}`)}<br>${code(short)} | ${did.map(each => prose(each)).join('<br>')}${time} |`
}

function relationLine({ relation, lock, isTaken, work, read }: SeenRelation): string {
  const held = lock === null ? 'no lock' : isTaken ? lock : `${lock} (held)`
  const rows = read > 0 ? [`${counted(read, 'row')} read`] : []
  return `\`${relation.replaceAll('`', "'")}\`: ${[held, ...(work === 'none' ? [] : [work]), ...rows].join(', ')}`
}
