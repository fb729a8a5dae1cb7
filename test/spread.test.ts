import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Syntax, syntaxOf } from './kit/syntax.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Spreads into the arguments of a call that cannot be long, by file. The arguments of a call are on the stack, so an array of
 * unknown length ends the run at about 120,000 items: `append`, `greatest` and `smallest` of src/parse/list.ts take any.
 */
const short: Readonly<Record<string, readonly string[]>> = {
  // Spans and qualified names are pairs.
  'rules/drop-type.ts': ['parts(name)'],
  'rules/drop-view.ts': ['partsOf(step.before, subject)'],
  'src/lint/lint.ts': ['finding.at'],
  'src/lint/advice/lost-names.ts': [
    'partsOf(place.step.before, relation)',
    'partsOf(step.before, table)',
    'partsOf(step.before, relation)',
  ],
  'src/report/utf8-position.ts': ['at'],
  'src/systems/reading/delimiter.ts': ['span'],
  'src/systems/history/edit.ts': ['at', 'span'],
  // A glob has a thousand characters at most, and a range two ends.
  'src/lint/config/glob-pattern.ts': [
    'this.#codes.slice(this.#place)',
    'this.#codes.slice(from, close)',
    'ends',
    'codes.slice(start + 1, place)',
  ],
  // What its callers have written out, one by one.
  'src/lint/advice/lock-timeout.ts': ['statements'],
  // The arguments of a command: paths and flags.
  'src/node/cli.ts': ['typed'],
  // Hours, minutes and seconds.
  'src/postgres/expression/constant.ts': [
    'isDate ? ([0, 0, 0] as const) : ([Number(hour), Number(minute), Number(second)] as const)',
  ],
}

/** What is spread into the arguments of calls, and calls of `apply`, in the text of a file; array literals are left out. */
function spreads(text: string): string[] {
  const found: string[] = []
  for (const syntax of syntaxOf(text)) {
    if (syntax.type === 'CallExpression' || syntax.type === 'NewExpression') {
      for (const argument of syntax.arguments as Syntax[]) {
        const spread = argument.type === 'SpreadElement' ? (argument.argument as Syntax) : null
        if (spread && spread.type !== 'ArrayExpression') found.push(text.slice(spread.start, spread.end))
      }
      const { property } = syntax.callee as { property?: { name?: string } }
      if (property?.name === 'apply') found.push(text.slice(syntax.start, syntax.end))
    }
  }
  return found
}

const files = ['src', 'rules'].flatMap(folder =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => `${folder}/${name}`.replaceAll('\\', '/')),
)

describe('no array of unknown length is spread into a call', () => {
  test('the search finds them', () => {
    const text = 'a.push(...b); f(1, ...g(x)); new Set(...c); Math.max(...[1, 2]); f.apply(null, d); [...e]; ({ ...h })'
    expect(spreads(text).sort()).toEqual(['b', 'c', 'f.apply(null, d)', 'g(x)'])
  })

  test.each(files)('%s', file => {
    const allowed = new Set(short[file])
    const found = new Set(spreads(readFileSync(join(root, file), 'utf8')))
    expect([...found].filter(each => !allowed.has(each))).toEqual([])
    expect([...allowed].filter(each => !found.has(each))).toEqual([])
  })
})
