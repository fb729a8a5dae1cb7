import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plain } from '../../src/code/text.ts'
import { onDemand, withParsers } from '../../src/systems/reading/on-demand.ts'
import { attributeOf, elementsIn, textIn, type XmlElement, xml, xmlProblem } from '../../src/systems/reading/xml.ts'

/** Every element, with its content. */
function all(element: XmlElement): XmlElement[] {
  return [element, ...elementsIn(element).flatMap(all)]
}

function rootOf(text: string): XmlElement {
  const root = xml(text)
  if (root === null) throw new Error(JSON.stringify(xmlProblem(text)))
  return root
}

describe('a document', () => {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\r
<!-- <lb:changeSet id="0"/> -->
<lb:log xmlns:lb='urn:lb'
        xmlns="urn:other">
  <?note <lb:changeSet/> ?>
  <lb:changeSet author = "jane &amp; joe"
     id='1 "a"'>
    <sql>SELECT '😀' &lt; 1;<![CDATA[ a < b && '<changeSet/>' ]]>\r
</sql><empty/></lb:changeSet >
</lb:log>
<!-- the end -->`
  const root = () => rootOf(text)

  test('is a tree of elements with names without prefixes', () => {
    expect(all(root()).map(({ name, namespace }) => [name, namespace])).toEqual([
      ['log', 'urn:lb'],
      ['changeSet', 'urn:lb'],
      ['sql', 'urn:other'],
      ['empty', 'urn:other'],
    ])
  })

  test('has the place of each element, name and attribute', () => {
    const [, changeSet, sql, empty] = all(root())
    expect(text.slice(...(changeSet?.at ?? [0, 0]))).toMatch(/^<lb:changeSet author .*<\/lb:changeSet >$/s)
    expect(text.slice(...(changeSet?.nameAt ?? [0, 0]))).toBe('lb:changeSet')
    expect(text.slice(...(empty?.at ?? [0, 0]))).toBe('<empty/>')
    expect(text.slice(...(sql?.nameAt ?? [0, 0]))).toBe('sql')
    expect(
      changeSet?.attributes.map(({ name, value, at, nameAt, valueAt }) => [
        name,
        value,
        ...[at, nameAt, valueAt].map(span => text.slice(...span)),
      ]),
    ).toEqual([
      ['author', 'jane & joe', 'author = "jane &amp; joe"', 'author', 'jane &amp; joe'],
      ['id', '1 "a"', `id='1 "a"'`, 'id', '1 "a"'],
    ])
    expect(changeSet && attributeOf(changeSet, 'id')).toBe('1 "a"')
    expect(changeSet && attributeOf(changeSet, 'dbms')).toBeUndefined()
  })

  test('has the place of each character', () => {
    const sql = all(root())[2]
    expect(sql && textIn(sql)).toBe(`SELECT '😀' < 1; a < b && '<changeSet/>' \n`)
    const pieces = sql?.children.flatMap(child => (child.kind === 'text' ? child.text.pieces : []))
    expect(pieces?.map(({ text: read, at, isVerbatim }) => [read, text.slice(...at), isVerbatim])).toEqual([
      ["SELECT '😀' ", "SELECT '😀' ", true],
      ['<', '&lt;', false],
      [' 1;', ' 1;', true],
      [` a < b && '<changeSet/>' `, ` a < b && '<changeSet/>' `, true],
      ['\n', '\r\n', false],
    ])
  })
})

describe('entities', () => {
  test('that the document declares as text are replaced by it', () => {
    const text = `<!DOCTYPE log SYSTEM "https://example.com/log.dtd" [
  <!-- <!ENTITY schema "not this one"> -->
  <!ENTITY schema 'public'>
  <!ENTITY schema "the first counts">
  <!ENTITY lt "nor can these be changed">
]><log name="&schema;.a">&schema;&#46;&#x62;&lt;</log>`
    const root = rootOf(text)
    expect([attributeOf(root, 'name'), textIn(root)]).toEqual(['public.a', 'public.b<'])
  })

  test.each([
    ['a file', '<!ENTITY x SYSTEM "file:///etc/passwd">'],
    ['an address', '<!ENTITY x PUBLIC "x" "https://example.com/x">'],
    ['tags', '<!ENTITY x "<changeSet/>">'],
    ['other entities', '<!ENTITY y "yy"><!ENTITY x "&y;&y;">'],
    ['a parameter entity', '<!ENTITY % x "y">'],
    ['nothing', ''],
  ])('that are %s are refused', (_, declaration) => {
    const text = `<!DOCTYPE log [${declaration}]>\n<log>&x;</log>`
    expect(xml(text)).toBeNull()
    expect(xmlProblem(text)).toEqual({ line: 2, column: 8, what: 'undefined entity' })
  })

  test('expand to a limited amount of text together', () => {
    const text = `<!DOCTYPE log [<!ENTITY x "${'x'.repeat(9000)}">]><log>${'&x;'.repeat(112)}</log>`
    expect(xmlProblem(text)?.what).toBe('its entities expand to too much text')
    expect(textIn(rootOf(text.replace('&x;', ''))).length).toBe(999_000)
  })
})

test.each([
  ['', 1, 'document must contain a root element'],
  ['{ "a": 1 }', 1, 'text data outside of root node'],
  ['<a>\n<b></a>', 2, 'unexpected close tag'],
  ['<a>\n\n<b x=1/></a>', 3, 'unquoted attribute value'],
  ['<a x="1" x="2"/>', 1, 'duplicate attribute: x'],
  ['<a><x:b/></a>', 1, 'unbound namespace prefix: "x"'],
  ['<a>\n<!-- ', 2, 'unclosed tag: a'],
  ['<a/><b/>', 1, 'documents may contain only one root'],
  ['<a>&nbsp;</a>', 1, 'undefined entity'],
  [`${'<a>'.repeat(201)}${'</a>'.repeat(201)}`, 1, 'elements are nested more than 200 deep'],
])('%j is not XML', (text, line, what) => {
  expect(xml(text)).toBeNull()
  expect(xmlProblem(text)).toMatchObject({ line, what })
})

test('a parser that cannot be loaded is an error', async () => {
  let loads = 0
  const parser = onDemand(async () => ({ loads: ++loads }))
  expect(parser).toThrow('A module is needed where none can be loaded.')
  let calls = 0
  const answer = await withParsers(() => {
    calls++
    const found = parser()
    if (found === null) throw new Error('what an unfinished reading says does not count')
    return found.loads
  })
  expect([answer, calls, loads, parser()?.loads]).toEqual([1, 2, 1, 1])
  await expect(
    withParsers(() => {
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
})

describe('any document', () => {
  const word = fc.stringMatching(/^[a-z]{1,4}$/)
  const characters = fc
    .array(
      fc.constantFrom(
        'a',
        '"',
        "'",
        '\r\n',
        '\r',
        '\n',
        '\t',
        '&lt;',
        '&#x1F600;',
        '&e;',
        '😀',
        '=>',
        '\u0085',
        '\u2028',
        '--',
        ']]',
      ),
    )
    .map(parts => parts.join(''))
  const inside = fc.letrec<{ element: string; content: string }>(tie => ({
    element: fc
      .tuple(
        word,
        fc.uniqueArray(word, { maxLength: 3 }),
        characters,
        fc.constantFrom(' ', '\r\n', '\n\t'),
        tie('content'),
      )
      .map(([name, names, value, space, content]) => {
        const written = names.map((each, i) => {
          const quote = i % 2 === 0 ? '"' : "'"
          return `${space}${each}${i === 1 ? ` =${space}` : '='}${quote}${value.replaceAll(quote, '')}${quote}`
        })
        return `<${name}${written.join('')}${content === '' ? '/>' : `>${content}</${name}${space}>`}`
      }),
    content: fc
      .array(
        fc.oneof(
          { depthSize: 'small' },
          characters,
          characters.map(text => `<![CDATA[${text}]]>`),
          characters.map(text => `<!--${text.replaceAll('-', '')}-->`),
          fc.constant('<?pi ?>'),
          tie('element'),
        ),
        { maxLength: 4 },
      )
      .map(parts => parts.join('')),
  }))
  const document = fc
    .tuple(fc.constantFrom('1.0', '1.1', null), fc.constantFrom('', '\n', '\r\n<!-- -->'), inside.element)
    .map(([version, before, element]) => {
      const declaration = version === null ? '' : `<?xml version="${version}"?>`
      return `${declaration}${before}<!DOCTYPE x [<!ENTITY e "entity">]>${before}${element}\n`
    })

  test('returns each character with its place', () => {
    fc.assert(
      fc.property(document, text => {
        for (const element of all(rootOf(text))) {
          expect(text.slice(...element.nameAt)).toBe(element.name)
          const [start, end] = element.at
          expect(text.startsWith(`<${element.name}`, start) && text[end - 1] === '>').toBe(true)
          for (const { name, value, text: read, at, nameAt, valueAt } of element.attributes) {
            expect(plain(read)).toBe(value)
            expect(text.slice(...nameAt)).toBe(name)
            expect([at[0], at[1]]).toEqual([nameAt[0], valueAt[1] + 1])
            expect(text.slice(at[0] + name.length, valueAt[0] - 1).trim()).toBe('=')
          }
          for (const child of element.children) {
            expect(child.at[0] > start && child.at[1] < end).toBe(true)
            if (child.kind !== 'text') continue
            expect(plain(child.text)).toBe(child.value)
            const places = child.text.pieces.map(({ at }) => at)
            expect(places.map(([from]) => from)).toEqual(
              [child.at[0], ...places.slice(0, -1).map(([, to]) => to)].slice(0, places.length),
            )
            for (const piece of child.text.pieces)
              if (piece.isVerbatim) expect(text.slice(...piece.at)).toBe(piece.text)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})
