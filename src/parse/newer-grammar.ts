import { next } from './lexer.ts'

/** Syntax that the version of PostgreSQL after the parser's has: the words around the place where this parser refuses it. */
interface NewSyntax {
  /** The first words of the statement. */
  readonly starts?: string
  /** The last words that the parser takes. */
  readonly before?: string
  /** The words that it refuses. */
  readonly at?: string
}

/** PostgreSQL 19 (its release notes, doc/src/sgml/release-19.sgml), each as the parser of 18 refuses it. */
const newSyntax: readonly NewSyntax[] = [
  { starts: 'REPACK', at: 'REPACK' },
  { starts: 'WAIT FOR', at: 'WAIT FOR' },
  { at: 'PROPERTY GRAPH' },
  { before: 'GRAPH_TABLE', at: 'MATCH' },
  { starts: 'ALTER TABLE', at: 'SPLIT PARTITION' },
  { starts: 'ALTER TABLE', at: 'MERGE PARTITIONS' },
  { at: 'FOR PORTION OF' },
  { before: 'GROUP BY ALL' },
  { before: 'IGNORE', at: 'NULLS' },
  { before: 'RESPECT', at: 'NULLS' },
  { before: 'DO', at: 'SELECT' },
  { starts: 'CHECKPOINT', at: '(' },
  { starts: 'CREATE SUBSCRIPTION', at: 'SERVER' },
  { starts: 'ALTER SUBSCRIPTION', at: 'SERVER' },
  { starts: 'ALTER SUBSCRIPTION', before: 'REFRESH', at: 'SEQUENCES' },
  { starts: 'CREATE FOREIGN DATA WRAPPER', at: 'CONNECTION' },
  { starts: 'ALTER FOREIGN DATA WRAPPER', at: 'CONNECTION' },
  { starts: 'CREATE PUBLICATION', before: 'ALL', at: 'SEQUENCES' },
  { starts: 'CREATE PUBLICATION', before: 'ALL TABLES', at: 'EXCEPT' },
  { starts: 'ALTER PUBLICATION', at: 'EXCEPT' },
  { starts: 'CREATE SCHEMA', before: 'CREATE' },
]

/** More words than any of the entries has, and than a qualified name before them. */
const wordsBefore = 8
const wordsAfter = 3

/** Whether the parser refuses a statement at this place only because it does not know a newer version's syntax. */
export function isNewerGrammar(text: string, offset: number): boolean {
  const before: string[] = []
  const starts: string[] = []
  const at: string[] = []
  for (let lexeme = next(text, 0, text.length); lexeme; lexeme = next(text, lexeme.end, text.length)) {
    if (lexeme.kind === 'comment') continue
    const word = text.slice(lexeme.start, lexeme.end).toUpperCase()
    if (starts.length < wordsBefore) starts.push(word)
    if (lexeme.start < offset) before.push(word)
    else at.push(word)
    if (before.length > wordsBefore) before.shift()
    if (at.length >= wordsAfter) break
  }
  const [taken, refused, first] = [before.join(' '), at.join(' '), starts.join(' ')]
  return newSyntax.some(
    each =>
      (each.starts === undefined || begins(first, each.starts)) &&
      (each.before === undefined || ends(taken, each.before, each.at === 'MATCH')) &&
      (each.at === undefined || begins(refused, each.at)),
  )
}

function begins(text: string, words: string): boolean {
  return text === words || text.startsWith(`${words} `)
}

/** `GRAPH_TABLE ( g`: a name may come after the word. */
function ends(text: string, words: string, hasMore: boolean): boolean {
  if (hasMore) return ` ${text} `.includes(` ${words} ( `)
  return text === words || text.endsWith(` ${words}`)
}
