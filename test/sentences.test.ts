import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type Syntax, syntaxOf } from './kit/syntax.ts'

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
  'src/pages/check.ts': 'the page of a rule quotes a part of what the rule must say',
  'src/parse/plpgsql-error.ts': 'the parser of PL/pgSQL gives no SQLSTATE',
}

const root = fileURLToPath(new URL('..', import.meta.url))
const files = ['src', 'rules'].flatMap(folder => filesIn(folder, /(?<!\.generated)\.ts$/))
const written = [
  ...['src', 'rules', 'docs', 'scripts', 'bench', 'test'].flatMap(folder =>
    filesIn(folder, /(?<!\.generated)\.(?:ts|mjs|md)$/).filter(name => !/node_modules|^test\/sentences/.test(name)),
  ),
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
]

/** Phrases that readers stumble over, each with plainer words. Everything that people read here is searched for them. */
const plainer: readonly (readonly [stiff: RegExp, plain: string])[] = [
  [/\bmend(?:s|ed|ing)?\b/g, 'fix'],
  [/\banew\b/g, 'again'],
  [/\bno more\b(?! than| [a-z]+s\b)/g, 'no longer'],
  [/\bany more\b/g, 'any longer, or: no longer'],
  [/\bbe it\b/g, 'even if it is'],
  [/\bone is to\b/g, 'must'],
  [/\bwhat is not (?:known|read|looked)\b/g, 'the unknown value, the unread part'],
  [/\b(?:that|which) (?:is|are) not known\b(?! to\b)/g, 'unknown'],
  [/\bnobody knows\b/g, 'is unknown'],
  [/\blooked into\b/g, 'read'],
  [/\b(?:is|are|was|were) told\b/g, 'is reported'],
  [/\b(?:is|are|was|were) said\b(?! to\b)/g, 'is reported'],
  [/\b(?:says?|said|speaks?|spoken) of\b/g, 'says about, reports'],
  [/\bwhat (?:stands|becomes of|became of)\b/g, 'the text, the changes'],
  [/(?<!\bthere )\bis none\b/gi, 'is not one, is not a …'],
  [/(?<!\bthere (?:can be |may be )?)\b(?:is|are) no (?!longer\b)[a-z]+/gi, 'is not a …'],
  [/\b(?:its|their) like\b/g, 'and similar ones'],
  [/\ball the same\b/g, 'still, anyway'],
  [/\bwhoever\b/gi, 'people who …'],
]

// It parses the whole source, which takes long on a busy machine.
test('nothing is decided by matching a sentence, and no message is made by editing another one', {
  timeout: 120_000,
}, () => {
  const found = new Map(files.map(file => [file, matchedSentences(readFileSync(join(root, file), 'utf8'))]))
  const ours = [...found].filter(([file, matched]) => matched.length > 0 && !Object.hasOwn(ofOthers, file))
  expect(ours, 'decide by a kind, and make each message of its parts').toEqual([])
  expect(Object.keys(ofOthers).filter(file => found.get(file)?.length === 0)).toEqual([])
})

test('what people read has plain words', () => {
  const found = written.flatMap(file =>
    stiffWords(readFileSync(join(root, file), 'utf8')).map(each => `${file}:${each}`),
  )
  expect(found).toEqual([])
})

test.each([
  ['// It is mended.', ['1: "mended" (fix)']],
  ['/** A\n * table that\n * is not known. */', ['2: "that is not known" (unknown)']],
  ['It is no table, and there is no index.', ['1: "is no table" (is not a …)']],
  ['There are no rows, there may be no more than one, and it is no longer used.', []],
  ['No more inputs, no more inputs.', []],
  ['const told = isTold(none)', []],
])('the words in %j', (text, words) => {
  expect(stiffWords(text)).toEqual(words)
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

/** The paths below a folder whose names match, relative to the top of the project, with `/`. */
function filesIn(folder: string, name: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(each => name.test(each))
    .map(each => `${folder}/${each}`.replaceAll('\\', '/'))
}

/** The stiff phrases of a text, each with its line (from 1) and plainer words. A phrase may continue in the next line. */
function stiffWords(text: string): string[] {
  const lines = text.split('\n').map(line => line.replace(/^\s*(?:\/\*\*|\*|\/\/|#)?\s*|\s+$/g, ''))
  const joined = lines.join(' ')
  const found = plainer.flatMap(([stiff, plain]) =>
    [...joined.matchAll(stiff)].map(({ index, 0: words }) => ({ index, said: `"${words}" (${plain})` })),
  )
  let [line, end] = [0, -1]
  return found
    .sort((x, y) => x.index - y.index)
    .map(({ index, said }) => {
      while (end < index) end += (lines[line++]?.length ?? 0) + 1
      return `${line}: ${said}`
    })
}

/** The calls that look into a sentence, as they are written. */
function matchedSentences(text: string): string[] {
  const found: string[] = []
  for (const syntax of syntaxOf(text)) {
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
