import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadGrammar } from '../../src/code/grammar.ts'
import { readCode } from '../../src/code/read.ts'
import { typeormCalls } from '../../src/systems/typeorm/calls.ts'

// Each character of the SQL points to its place in the program.

/** A character of a literal: as it is written, and as what it is read. */
interface Written {
  readonly source: string
  readonly value: string
}

const plainCharacter = fc
  .oneof(
    fc.constantFrom('a', ' ', ';', 'é', '𝟙', '"', "'", '`', '$', '{', '(', '-', '/'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  )
  .filter(each => !/[\\\r\n\u2028\u2029\ud800-\udfff]/.test(each) || each === '𝟙')

function characterIn(quote: string): fc.Arbitrary<Written> {
  const itself = plainCharacter
    .filter(each => each !== quote && !(quote === '`' && (each === '$' || each === '{')))
    .map(value => ({ source: value, value }))
  const escaped = fc.constantFrom<Written>(
    { source: '\\n', value: '\n' },
    { source: `\\${quote}`, value: quote },
    { source: '\\\\', value: '\\' },
    { source: '\\u0041', value: 'A' },
    { source: '\\u{1f600}', value: '😀' },
    { source: '\\x41', value: 'A' },
    { source: '\\q', value: 'q' },
    { source: '\\\n', value: '' },
  )
  const line =
    quote === '`' ? [fc.constantFrom<Written>({ source: '\n', value: '\n' }, { source: '\r\n', value: '\n' })] : []
  return fc.oneof({ weight: 6, arbitrary: itself }, escaped, ...line)
}

const literal = fc
  .constantFrom("'", '"', '`')
  .chain(quote =>
    fc.array(characterIn(quote), { minLength: 1, maxLength: 12 }).map(characters => ({ quote, characters })),
  )

/** How a text is put together of literals. */
const expression = fc.record({
  literals: fc.array(literal, { minLength: 1, maxLength: 4 }),
  form: fc.constantFrom('sum', 'constant', 'join', 'template', 'function'),
})

test('whatever the literals are and however they are put together', async () => {
  await loadGrammar('typescript')
  fc.assert(
    fc.property(expression, ({ literals, form }) => {
      const sources = literals.map(
        ({ quote, characters }) => quote + characters.map(({ source }) => source).join('') + quote,
      )
      const names = sources.map((_, i) => `part${i}`)
      const constants = sources.map((source, i) => `const part${i} = ${source}`).join('\n')
      const sum = {
        sum: sources.join(' + '),
        constant: names.join(' + '),
        join: `[${sources.join(', ')}].join('')`,
        template: `\`${names.map(name => `\${${name}}`).join('')}\``,
        function: `together(${sources.join(', ')})`,
      }[form]
      const text = `${constants}
function together(...parts) { return parts.reduce((all, part) => all + part, '') }
export class A1 {
  async up(queryRunner) { await queryRunner.query('x' + ${sum}) }
}`
      const read = readCode('1.ts', text, typeormCalls, () => {})
      if ('unread' in read) throw new Error(read.unread)
      const [part] = read.up
      if (!part) throw new Error('nothing is sent')
      const all = literals.flatMap(({ characters }) => characters)
      const start = part.span[0] + 1
      expect(read.text.slice(start, part.span[1])).toBe(all.map(({ value }) => value).join(''))
      let offset = start
      for (const { source, value } of all) {
        if (value === '') continue
        const [from, to] = read.places.inFile([offset, offset + value.length])
        expect(text.slice(from, to)).toBe(source)
        offset += value.length
      }
    }),
    { numRuns: 400 },
  )
})

test('an edit of a literal is escaped for the literal; other text cannot be edited', async () => {
  await loadGrammar('typescript')
  const text = `const name = 'b'
export class A1 {
  async up(queryRunner) {
    await queryRunner.query('DROP \\'a\\'')
    await queryRunner.query(\`DROP \${name} c\`)
  }
}`
  const read = readCode('1.ts', text, typeormCalls, () => {})
  if ('unread' in read) throw new Error(read.unread)
  const [first, second] = read.up
  const edit = (start: number, end: number, insert: string) => {
    const found = read.places.editInFile({ at: [start, end], insert })
    return found && text.slice(0, found.at[0]) + found.insert + text.slice(found.at[1])
  }
  const [from = 0] = first?.span ?? []
  expect(edit(from, from + 4, "it's\n")).toContain("query('it\\'s\\n \\'a\\'')")
  const [begin = 0] = second?.span ?? []
  expect(edit(begin, begin + 4, `a\`\${b}`)).toContain(`query(\`a\\\`\\\${b} \${name} c\`)`)
  // It goes from one literal into another one.
  expect(edit(begin, begin + 6, 'x')).toBe(null)
})
