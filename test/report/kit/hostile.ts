import type { Report, ReportedFinding } from '../../../src/lint/report.ts'
import { effect, finding, report } from './builder.ts'

/** Names that mean something to a shell, a URL, XML, Markdown, JSON or a terminal. */
export const oddPaths = [
  'db/new table.sql',
  'db/注文/été 📦.sql',
  'db/a#b?c%20d[1].sql',
  'db/<b>&"\'.sql',
  'db/--> ]]> </script>.sql',
  'db/\u001b[31m\u202e\ud800\ufffe.sql',
  'db/a|b`c`*_@org/team_.sql',
  './db/typed with dots.sql',
  '/absolute/path.sql',
]

const act =
  '\u0000\u0007\u001b[2J\u007f\u0085\u2028\u202e\ud800\ufffe\uffff ]]> --> </script> <img src=x onerror=alert(1)> &lt; %0A ``` @everyone'

/** SQL and messages full of characters with a meaning for readers of reports. */
export const hostileText = `${act}\n    SELECT '${act}';\r\n\t${act}`

/** A finding in a file of each of these names, with this text in every place where text can be. */
export function reportOf(
  paths: readonly string[],
  text = 'm',
  severity: ReportedFinding['severity'] = 'error',
): Report {
  const sql = `SELECT 1;\n  CREATE INDEX i ON "${text}" (email);\n`
  const findings = paths.map((path, i) =>
    finding({
      path,
      at: [12, sql.length - 2],
      severity,
      fingerprint: String(i).padStart(16, '0'),
      message: `m${text}`,
      why: text,
      help: [text, { code: text, language: 'sql' }],
      effects: [effect({ relation: `r${text}`, lock: 'ShareLock', work: 'build', because: text })],
      related: [{ path, at: [0, 6], message: text }],
      fix: { title: text, safety: 'safe', edits: [{ at: [24, 24], insert: ` ${text}` }] },
    }),
  )
  return report(Object.fromEntries(paths.map(path => [path, sql])), findings)
}

/** 30,000 findings in 300 files, or 3,000 in 30. */
export function many(count = 30_000): Report {
  const sql = 'ALTER TABLE orders ADD COLUMN é int;\n'.repeat(100)
  const paths = Array.from({ length: count / 100 }, (_, i) => `db/${String(i).padStart(4, '0')}.sql`)
  const findings = paths.flatMap((path, file) =>
    Array.from({ length: 100 }, (_, i) =>
      finding({
        path,
        at: [i * 37, i * 37 + 11],
        rule: `rule-${i % 40}`,
        severity: (['error', 'warning', 'note'] as const)[i % 3] ?? 'note',
        fingerprint: (file * 100 + i).toString(16).padStart(16, '0'),
        effects: [effect({ relation: 'orders', lock: 'AccessExclusiveLock' })],
      }),
    ),
  )
  return report(Object.fromEntries(paths.map(path => [path, sql])), findings)
}
