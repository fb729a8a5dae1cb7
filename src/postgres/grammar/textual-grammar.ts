import { tokens } from '../../parse/lexer.ts'
import type { Statement, StatementKind } from '../../parse/script.ts'
import type { Token } from '../../parse/token.ts'

/** Newer grammar that leaves no trace in the parse tree, recognized by the words of the statement. */
interface TextualFeature {
  readonly name: string
  readonly since: number
  readonly on: readonly StatementKind[] | null
  /** A cheap test of the text, so that most statements are never cut into tokens. */
  readonly hint: RegExp
  readonly found: (words: readonly Token[], statement: Statement, version: number) => boolean
}

const tables: readonly StatementKind[] = ['CreateStmt', 'AlterTableStmt', 'CreateForeignTableStmt']

/** The words stand somewhere in the statement, in this order and next to each other. */
const sequence =
  (...wanted: readonly string[]) =>
  (words: readonly Token[]): boolean =>
    words.some((_, start) => wanted.every((word, i) => is(words[start + i], word)))

const textual: readonly TextualFeature[] = [
  { name: 'ENFORCED', since: 18, on: tables, hint: /enforced/i, found: sequence(')', 'ENFORCED') },
  {
    name: 'NULLS DISTINCT',
    since: 15,
    on: [...tables, 'IndexStmt'],
    hint: /nulls\s+distinct/i,
    found: sequence('NULLS', 'DISTINCT'),
  },
  { name: 'GROUP BY ALL', since: 14, on: null, hint: /group\s+by\s+all/i, found: sequence('GROUP', 'BY', 'ALL') },
  {
    name: 'WHEN NOT MATCHED BY TARGET',
    since: 17,
    on: ['MergeStmt'],
    hint: /by\s+target/i,
    found: sequence('NOT', 'MATCHED', 'BY', 'TARGET'),
  },
  { name: 'CLUSTER (…)', since: 14, on: ['ClusterStmt'], hint: /\(/, found: words => is(words[1], '(') },
  {
    name: 'CLUSTER (…) without a table',
    since: 17,
    on: ['ClusterStmt'],
    hint: /\(/,
    found: (words, { node }) => is(words[1], '(') && !node.relation,
  },
  {
    name: 'INCLUDING COMPRESSION',
    since: 14,
    on: ['CreateStmt'],
    hint: /cluding\s+compression/i,
    found: words => sequence('INCLUDING', 'COMPRESSION')(words) || sequence('EXCLUDING', 'COMPRESSION')(words),
  },
  {
    name: 'SUBSTRING … SIMILAR',
    since: 14,
    on: null,
    hint: /similar/i,
    found: words => words.some((word, i) => is(word, 'SIMILAR') && word.kind === 'word' && !is(words[i + 1], 'TO')),
  },
  // Version 13 accepted `REINDEX (VERBOSE)` and nothing else in parentheses.
  {
    name: 'options of REINDEX',
    since: 14,
    on: ['ReindexStmt'],
    hint: /\(/,
    found: words => is(words[1], '(') && !(is(words[2], 'VERBOSE') && is(words[3], ')')),
  },
  {
    name: 'INDEX_CLEANUP AUTO',
    since: 14,
    on: ['VacuumStmt'],
    hint: /index_cleanup/i,
    found: sequence('INDEX_CLEANUP', 'AUTO'),
  },
  { name: 'HEADER MATCH', since: 15, on: ['CopyStmt'], hint: /header/i, found: sequence('HEADER', 'MATCH') },
  {
    name: 'several tables after FOR TABLE, each with TABLE',
    since: 15,
    on: ['CreatePublicationStmt'],
    hint: /,/,
    found: sequence(',', 'TABLE'),
  },
  {
    name: 'WITH ADMIN TRUE',
    since: 16,
    on: ['GrantRoleStmt'],
    hint: /admin\s+(true|false)/i,
    found: words => sequence('ADMIN', 'TRUE')(words) || sequence('ADMIN', 'FALSE')(words),
  },
  {
    name: 'REVOKE INHERIT OPTION',
    since: 16,
    on: ['GrantRoleStmt'],
    hint: /option\s+for/i,
    found: words => !is(words[1], 'ADMIN'),
  },
  {
    name: 'UNLOGGED after the name of a sequence',
    since: 15,
    on: ['CreateSeqStmt'],
    hint: /unlogged/i,
    found: words => words.slice(3).some(word => is(word, 'UNLOGGED')),
  },
  {
    name: 'a number in hexadecimal, octal or binary, or with underscores,',
    since: 16,
    on: null,
    hint: /\d_\d|\b0[xob]/i,
    found: (words, statement, version) =>
      words.some(({ kind, text }) => kind === 'number' && /_|^0[xob]/i.test(text)) &&
      !(version < 15 && mayBeAlias(statement)),
  },
]

/** Before 15, `SELECT 1_000` is the number 1 under the name _000: no error at least where such a name may stand. */
function mayBeAlias({ kind }: Statement): boolean {
  return kind === 'SelectStmt' || kind === 'ViewStmt' || kind === 'CreateTableAsStmt' || kind === 'InsertStmt'
}

function is(token: Token | undefined, word: string): boolean {
  return token !== undefined && token.text.toUpperCase() === word
}

/** The message for the first such feature that `version` does not know, or null. */
export function textualFeature(statement: Statement, version: number): string | null {
  const { kind, text } = statement
  const hinted = textual.filter(
    ({ since, on, hint }) => since > version && (!on || on.includes(kind)) && hint.test(text),
  )
  if (hinted.length === 0) return null
  const words = tokens(text).filter(token => token.kind !== 'comment')
  const found = hinted.filter(feature => feature.found(words, statement, version)).sort((a, b) => b.since - a.since)[0]
  return found ? `${found.name} needs PostgreSQL ${found.since}` : null
}
