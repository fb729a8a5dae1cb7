import { next } from './lexer.ts'

/** Words that PostgreSQL's grammar does not contain, with the word that must follow them where that matters. */
const signs: readonly { readonly database: string; readonly word: string; readonly followedBy?: RegExp }[] = [
  { database: 'sqlite', word: 'AUTOINCREMENT' },
  { database: 'sqlite', word: 'PRAGMA', followedBy: /^\w/ },
  { database: 'sqlite', word: 'WITHOUT', followedBy: /^ROWID$/i },
  { database: 'sqlite', word: 'STRFTIME', followedBy: /^\($/ },
  { database: 'mysql', word: 'AUTO_INCREMENT' },
  { database: 'mysql', word: 'INNODB' },
  { database: 'mysql', word: 'MYISAM' },
  { database: 'mysql', word: 'TABLE', followedBy: /^`/ },
  { database: 'mysql', word: 'INTO', followedBy: /^`/ },
  { database: 'mysql', word: 'UPDATE', followedBy: /^`/ },
  { database: 'mysql', word: 'FROM', followedBy: /^`/ },
  { database: 'sqlserver', word: 'TABLE', followedBy: /^\[$/ },
  { database: 'clickhouse', word: 'ENGINE', followedBy: /^=$/ },
]

/**
 * The other database whose SQL this is, shown by words outside comments, strings and quotes. Undefined when nothing
 * shows one, which does not prove that it is PostgreSQL.
 */
export function foreignSyntax(text: string): string | undefined {
  let before = ''
  const found = new Set<string>()
  for (let lexeme = next(text, 0, text.length); lexeme; lexeme = next(text, lexeme.end, text.length)) {
    if (lexeme.kind === 'comment') continue
    const token = text.slice(lexeme.start, lexeme.end)
    const isBare = lexeme.kind !== 'string' && lexeme.kind !== 'quoted-identifier'
    for (const { database, word, followedBy } of signs) {
      const here = followedBy ? before === word && isBare && followedBy.test(token) : token.toUpperCase() === word
      if (here && (followedBy || lexeme.kind === 'word')) found.add(database)
    }
    before = lexeme.kind === 'word' ? token.toUpperCase() : ''
  }
  // ClickHouse comes last, because MySQL also has `ENGINE =` and is recognised by its other words.
  return [...found].sort((a, b) => Number(a === 'clickhouse') - Number(b === 'clickhouse'))[0]
}
