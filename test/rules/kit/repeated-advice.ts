import { lint } from '../../../src/index.ts'
import type { ReportedFinding } from '../../../src/lint/report.ts'
import { tokens } from '../../../src/parse/lexer.ts'
import { parse } from '../../../src/parse/parse.ts'
import type { Statement } from '../../../src/parse/script.ts'

/** The statement as PostgreSQL reads it: comments, white space, the case of keywords and the last semicolon do not matter. */
function read(sql: string): string {
  const all = tokens(sql).filter(({ kind }) => kind !== 'comment')
  if (all.at(-1)?.text === ';') all.pop()
  return all.map(({ kind, text }) => (kind === 'word' ? text.toLowerCase() : text)).join(' ')
}

/** Introductions of a statement that is right in another place or at another time. */
const elsewhere = /\b(later|outside|before|after|then|in a migration of its own)\b/i

/** `rule: SQL` if the help of a finding is the very statement that it is about. */
export function repeated(findings: readonly ReportedFinding[], texts: ReadonlyMap<string, string>): string[] {
  const statementsOf = new Map<string, readonly Statement[]>()
  return findings.flatMap(({ rule, path, at, help }) => {
    if (!help.some(part => typeof part !== 'string' && part.language === 'sql')) return []
    const statements = statementsOf.get(path) ?? parse({ path, text: texts.get(path) ?? '' }).statements
    statementsOf.set(path, statements)
    const own = statements.find(({ span }) => span[0] <= at[0] && at[0] < Math.max(span[1], span[0] + 1))
    if (!own) return []
    return help.flatMap((part, i) => {
      if (typeof part === 'string' || part.language !== 'sql' || read(part.code) !== read(own.text)) return []
      const before = help[i - 1]
      const isElsewhere = typeof before === 'string' && elsewhere.test(before)
      return isElsewhere ? [] : [`${rule}: ${before} ${part.code}`]
    })
  })
}

/** The repetitions in the last of these migrations: those in the others were checked before. */
export async function repeatedInLast(texts: readonly string[]): Promise<string[]> {
  const migrations = texts.map((content, i) => ({ path: `${i}.sql`, content }))
  const last = migrations.at(-1)
  if (!last) return []
  const all: string[] = []
  for (const transaction of ['none', 'wrapped'] as const) {
    const report = (path: string) => path === last.path
    const { findings } = await lint({ migrations, config: { preset: 'all', transaction }, report })
    all.push(...repeated(findings, new Map([[last.path, last.content]])))
  }
  return all
}
