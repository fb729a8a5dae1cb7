import type { LockSpan, LockTimeline } from '../../lint/lock-timeline.ts'
import type { Source } from '../../parse/script.ts'
import type { Work } from '../../postgres/effect.ts'
import { positionsIn } from '../position.ts'
import { counted } from '../words.ts'
import { code, escaped } from './escape.ts'
import { waiting } from './waiting.ts'

const rowsShown = 200

const works: Record<Work, string> = {
  none: '',
  scan: 'reads every row',
  build: 'builds an index',
  rebuild: 'rebuilds an index',
  rewrite: 'writes the table again',
}

const heads = ['Relation', 'Locked from', 'to the end of', 'Blocks', 'Lock', 'Long work']

/** The locks of a migration in words, which the reader can unfold. */
export function lockTable({ path, locks, statements }: LockTimeline, source: Source | undefined): string {
  const positions = positionsIn(source)
  const line = (statement: number) => `line ${positions.at(statements[statement]?.at[0] ?? 0).line}`
  const rows = locks.slice(0, rowsShown).map(lock => {
    const { relation, mode, from, to, before } = lock
    const cells = [
      before ? 'an earlier migration' : line(from),
      from === to && !before ? 'that statement' : line(to),
      waiting(mode).words,
      code(mode),
      workOf(lock, line),
    ]
    return `<tr><th scope="row">${code(relation)}</th>${cells.map((cell, i) => `<td data-label="${heads[i + 1]}">${cell}</td>`).join('')}</tr>`
  })
  const rest = locks.length - rows.length
  return `<details class="astable"><summary>The same as a table</summary>
<div class="scroll" tabindex="0" role="group" aria-label="Table of the locks of ${escaped(path)}"><table>
<thead><tr>${heads.map(head => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>${rest > 0 ? `<p class="quiet">And ${counted(rest, 'more lock')}.</p>` : ''}</details>`
}

function workOf({ work }: LockSpan, line: (statement: number) => string): string {
  const told = work.map(({ work: kind, certain, statement }) => {
    return `${certain ? '' : 'perhaps '}${works[kind]} (${line(statement)})`
  })
  return [...new Set(told)].join(', ') || '—'
}
