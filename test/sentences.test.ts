import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseAst } from 'vitest/node'

/**
 * The program writes sentences for people and never reads them: finding better words must not change a decision.
 * The test looks for methods of strings and for regular expressions that are applied to a message, a reason and so on.
 */
const sentence = /^(?:message|why|reason|notice|help|outcome|condition|sentence|remedy)$/
const method = /^(?:replace|replaceAll|includes|startsWith|endsWith|match|search|indexOf)$/

/** Files without a better sign yet, most of which read words of other programs. */
const ofOthers: Readonly<Record<string, string>> = {
  'src/node/database/address.ts': 'servers that refuse TLS or a parameter say so in words only',
  'src/node/failure.ts': 'V8 says in words that there is not enough memory for the parser',
  'src/parse/plpgsql-error.ts': 'the parser of PL/pgSQL gives no SQLSTATE',
}

const root = fileURLToPath(new URL('..', import.meta.url))
const files = ['src', 'rules'].flatMap(folder =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.generated.ts'))
    .map(name => `${folder}/${name}`.replaceAll('\\', '/')),
)

test('nothing is decided by matching a sentence, and no message is made by editing another one', () => {
  const found = new Map(files.map(file => [file, matchedSentences(readFileSync(join(root, file), 'utf8'))]))
  const ours = [...found].filter(([file, matched]) => matched.length > 0 && !Object.hasOwn(ofOthers, file))
  expect(ours, 'decide by a kind, and make each message of its parts').toEqual([])
  expect(Object.keys(ofOthers).filter(file => found.get(file)?.length === 0)).toEqual([])
})

test.each([
  ["error.message.replace(/x$/, '')", 1],
  ["first?.message.startsWith('x')", 1],
  ['if (/could not/.test(notice)) f()', 1],
  ["notices.some(notice => notice.includes('x'))", 1],
  ["message.split('x')", 0],
  ["text.replace('a', 'b')", 0],
])('the search in %s', (code, count) => {
  expect(matchedSentences(code)).toHaveLength(count)
})

interface Syntax {
  readonly type?: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

/** The calls that look into a sentence, as they are written. */
function matchedSentences(text: string): string[] {
  const found: string[] = []
  const waiting: unknown[] = [parseAst(text, { lang: 'ts' })]
  while (waiting.length > 0) {
    const node = waiting.pop()
    if (typeof node !== 'object' || node === null) continue
    const syntax = node as Syntax
    for (const value of Object.values(node)) waiting.push(value)
    const callee = syntax.type === 'CallExpression' ? (syntax.callee as Syntax) : null
    if (callee?.type !== 'MemberExpression') continue
    const called = nameOf(callee)
    const isPattern = called === 'test' || called === 'exec'
    const [first] = syntax.arguments as Syntax[]
    const matched = isPattern ? first : method.test(called) ? (callee.object as Syntax) : undefined
    if (matched && sentence.test(nameOf(matched))) found.push(text.slice(syntax.start, syntax.end))
  }
  return found
}

/** `message` of `message`, `error.message` and `first?.message`. */
function nameOf(node: Syntax): string {
  const named = (node.type === 'MemberExpression' ? node.property : node) as Syntax
  return named.type === 'Identifier' ? String(named.name) : ''
}
