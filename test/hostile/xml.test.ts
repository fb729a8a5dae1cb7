import { describe, expect, test } from 'vitest'
import { lintTree, mapTree } from '../../src/index.ts'
import { migrateLint, project } from '../node/kit/program.ts'

// Changelogs made to read other files, to ask other servers, or to become more than any memory holds.

const bomb = `<!DOCTYPE x [
  <!ENTITY a "${'ha'.repeat(500)}">
  ${Array.from({ length: 20 }, (_, i) => `<!ENTITY b${i} "${(i === 0 ? '&a;' : `&b${i - 1};`).repeat(20)}">`).join('\n  ')}
]>`

const attacks: readonly (readonly [string, string, string])[] = [
  [
    'an entity that is a file',
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<databaseChangeLog><property name="&a;"/></databaseChangeLog>',
    ', line 2: undefined entity',
  ],
  [
    'a document type that is elsewhere',
    '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">\n<databaseChangeLog>&a;</databaseChangeLog>',
    ', line 2: undefined entity',
  ],
  [
    'a parameter entity',
    '<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>\n<databaseChangeLog>&b;</databaseChangeLog>',
    ', line 2: undefined entity',
  ],
  ['entities of entities', `${bomb}\n<databaseChangeLog>&b19;</databaseChangeLog>`, ', line 24: undefined entity'],
  [
    'an entity, very often',
    `${bomb}\n<databaseChangeLog>${'&a;'.repeat(1_000_000)}</databaseChangeLog>`,
    ', line 24: its entities expand to too much text',
  ],
  [
    'elements in one another',
    `<databaseChangeLog>\n${'<a>'.repeat(500_000)}${'</a>'.repeat(500_000)}</databaseChangeLog>`,
    ', line 2: elements are nested more than 200 deep',
  ],
  [
    'namespaces by the thousand',
    `<databaseChangeLog ${Array.from({ length: 20_000 }, (_, i) => `xmlns:a${i}="a"`).join(' ')}>\n${'<a0:b/>'.repeat(20_000)}`,
    ', line 2: unclosed tag: databaseChangeLog',
  ],
  ['a tag without an end', `<databaseChangeLog ${'a=""\n'.repeat(2)}${' '.repeat(1_000_000)}`, 'unexpected end'],
]

describe('is one line that says where', () => {
  test.each(attacks)('%s', async (_, text, said) => {
    const report = await lintTree(
      mapTree({
        'changelog.xml': '<databaseChangeLog><include file="a.xml"/><include file="b.sql"/></databaseChangeLog>',
        'a.xml': text,
        'b.sql': '--liquibase formatted sql\n--changeset a:1\nDROP TABLE later;\n',
      }),
    )
    expect(report.internalErrors).toEqual([])
    expect(report.unread.map(({ path, why }) => [path, why])).toEqual([['a.xml', expect.stringContaining(said)]])
    // The file after it is linted anyway.
    expect(report.findings.map(({ rule }) => rule)).toContain('drop-table')
    expect(JSON.stringify(report)).not.toContain('root:')
  })
})

test('the program loads the XML parser by itself, and goes on', async () => {
  const cwd = project({
    'changelog.xml': '<databaseChangeLog><include file="b.sql"/><include file="a.xml"/></databaseChangeLog>',
    'a.xml': attacks[0]?.[1] ?? '',
    'b.sql': '--liquibase formatted sql\n--changeset a:1\nDROP TABLE later;\n',
  })
  const { code, stdout, stderr } = await migrateLint([], { cwd })
  expect(stdout).toMatch(/error .*drop-table/s)
  expect(stderr.split('\n').filter(line => line.includes('undefined entity'))).toEqual([
    'migrate-lint: a.xml cannot be read: undefined entity (line 2).',
  ])
  expect(code).toBe(1)
})
