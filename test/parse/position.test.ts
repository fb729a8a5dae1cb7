import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { all, nodes, script, textAt, withParser } from './kit/sql.ts'

withParser()

/** Names with one, two, three and four bytes to the character, combining marks and quotes. */
const identifier = fc
  .tuple(
    fc.constantFrom('a', 'é', '日', '"x y"', '"😀"', 'e\u0301', '"a""b"', 'ŝ', '"{{x}}"', '𝒳', '"\t"'),
    fc.integer({ min: 0, max: 9999 }),
  )
  .map(([stem, n]) => (stem.endsWith('"') ? `${stem.slice(0, -1)}${n}"` : `${stem}${n}`))

const gap = fc.constantFrom(
  ' ',
  '\n',
  '\r\n',
  '\t',
  ' /* 😀 e\u0301 ; */ ',
  ' -- dröp; "\' $$\n',
  '\r\n-- ünï\r\n',
  ' /* a /* b; */ */\f',
)

const name = (written: string): string =>
  written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written

/** Each makes a statement from two names; `at` lists what a tree says stands where. */
const statement = fc
  .tuple(identifier, identifier, fc.array(gap, { minLength: 8, maxLength: 8 }), fc.integer({ min: 0, max: 4 }))
  .map(([table, column, [a, b, c, d, e, f, g, h], form]) => {
    switch (form) {
      case 0:
        return `ALTER${a}TABLE${b}${table}${c}ADD${d}COLUMN${e}${column}${f}int${g}CHECK${h}(${column} > 0)`
      case 1:
        return `SELECT${a}${column}${b},${c}'${name(table).replaceAll("'", '')};'${d}FROM${e}${table}${f}WHERE${g}${column}${h}= 1`
      case 2:
        return `UPDATE${a}${table}${b}SET${c}${column}${d}=${e}${column}${f}+${g}(${h}1)`
      case 3:
        return `CREATE${a}INDEX${b}ON${c}${table}${d}(${column}${e})${f}WHERE${g}${column}${h}IS NULL`
      default:
        return `DO${a}$q$BEGIN${b}UPDATE${c}${table}${d}SET${e}${column}${f}= 1;${g}PERFORM ${column}${h}FROM ${table}; END$q$`
    }
  })

const FOLLOWED_BY_NAME = new Set(['ColumnRef', 'RangeVar', 'relation'])

describe('positions', () => {
  test('every name in a tree stands at its location', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(gap, statement, gap), { minLength: 1, maxLength: 5 }), parts => {
        const text = parts.map(([before, sql, after]) => `${before}${sql}${after};`).join('')
        const parsed = script(text)
        expect(parsed.problems).toEqual([])
        expect(parsed.statements.length).toBe(parts.length)
        let checked = 0
        for (const { node, span, keyword, body } of all(parsed.statements)) {
          expect(body?.opaque ?? []).toEqual([])
          expect(textAt(parsed, keyword)).toMatch(/^(ALTER\s.*TABLE|SELECT|UPDATE|CREATE\s.*INDEX|DO|PERFORM)$/su)
          for (const [key, found] of nodes(node)) {
            if (!FOLLOWED_BY_NAME.has(key) || typeof found.location !== 'number') continue
            const fields = found.fields as { String: { sval: string } }[] | undefined
            const expected = (found.relname as string | undefined) ?? fields?.[0]?.String.sval ?? ''
            const written = text.slice(found.location).startsWith('"')
              ? `"${expected.replaceAll('"', '""')}"`
              : expected
            expect(text.slice(found.location, found.location + written.length)).toBe(written)
            expect(found.location).toBeGreaterThanOrEqual(span[0])
            checked++
          }
        }
        expect(checked).toBeGreaterThanOrEqual(parts.length)
      }),
      { numRuns: 200 },
    )
  })

  test('a syntax error is where it is, and harms no other statement', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(gap, statement), { maxLength: 4 }), gap, identifier, (parts, space, wrong) => {
        const good = parts.map(([before, sql]) => `${before}${sql};`).join('')
        const text = `${good}${space}DROP${space}TABLE${space}a${space}${wrong};${good}`
        const parsed = script(text)
        expect(parsed.statements.length).toBe(2 * parts.length)
        expect(parsed.problems.map(({ kind, span }) => [kind, textAt(parsed, span)])).toEqual([['syntax-error', wrong]])
        expect(parsed.problems[0]?.span[0]).toBe(
          text.indexOf(wrong, good.length + `${space}DROP${space}TABLE${space}a`.length),
        )
      }),
      { numRuns: 100 },
    )
  })

  test('no location in a tree is -1, and those of the first token are kept', () => {
    const parsed = script('WITH a AS (SELECT 1) SELECT 2; SELECT f(x) FROM g() AS t(a int)')
    expect(parsed.statements[0]?.node.withClause).toMatchObject({ location: 0 })
    for (const { node } of parsed.statements) {
      for (const [, found] of nodes(node)) expect(found.location ?? 0).toBeGreaterThanOrEqual(0)
    }
  })

  test('text after a NUL character is still seen', () => {
    const parsed = script('SELECT 1\0; DROP TABLE t')
    expect(parsed.statements.map(({ kind }) => kind)).toEqual(['SelectStmt', 'DropStmt'])
  })
})
