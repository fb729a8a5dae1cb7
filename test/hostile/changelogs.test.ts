import { describe, expect, test } from 'vitest'
import { lintTree, mapTree } from '../../src/index.ts'

// Changelogs made to become more than any memory holds, or to be gone through for ever, in all formats that Liquibase has.

const later = { 'z.sql': '--liquibase formatted sql\n--changeset z:9\nDROP TABLE later;\n' }
const many = (count: number, make: (i: number) => string) => Array.from({ length: count }, (_, i) => make(i))
const inXml = (inside: string) => `<databaseChangeLog>${inside}</databaseChangeLog>`
const inYaml = (...items: readonly string[]) => `databaseChangeLog:\n${items.map(item => `- ${item}\n`).join('')}`
const change = (id: number, inside: string) => `changeSet: { id: "${id}", author: a, changes: [${inside}] }`

async function linted(files: Readonly<Record<string, string>>) {
  const report = await lintTree(
    mapTree({ 'changelog-master.xml': inXml('<include file="a/a.xml"/><include file="z.sql"/>'), ...later, ...files }),
  )
  expect(report.internalErrors).toEqual([])
  // The file after it is still judged.
  expect(report.findings.map(({ message }) => message)).toContainEqual(expect.stringContaining('"later"'))
  return report
}

const master = (file: string) => ({
  'changelog-master.xml': inXml(`<include file="${file}"/><include file="z.sql"/>`),
})

const attacks: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  [
    'a folder of 8,000 files, included 8,000 times, and 250 folders that include themselves',
    {
      'a/a.xml': inXml(
        `<changeSet id="1" author="a"><unknownChange/></changeSet>${'<includeAll path="all" relativeToChangelogFile="true"/>'.repeat(8000)}`,
      ),
      ...Object.fromEntries(many(8000, i => `a/all/${i}.sql`).map(path => [path, ''])),
      ...Object.fromEntries(
        many(250, i => `a/all/x${i}.xml`).map(path => [
          path,
          inXml('<includeAll path="." relativeToChangelogFile="true"/>'),
        ]),
      ),
    },
  ],
  [
    'aliases of aliases in YAML',
    {
      ...master('a.yaml'),
      'a.yaml': inYaml(
        change(1, '{ dropTable: { tableName: orders } }'),
        'x: &a0 { x: { y: 1 } }',
        ...many(60, i => `x: &a${i + 1} { p: *a${i}, q: *a${i} }`),
      ),
    },
  ],
  [
    'lists in one another in YAML',
    { ...master('a.yaml'), 'a.yaml': inYaml(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) },
  ],
  [
    'objects in one another in JSON',
    { ...master('a.json'), 'a.json': `{"databaseChangeLog":${'[{"a":'.repeat(50_000)}` },
  ],
  ['broken JSON', { ...master('a.json'), 'a.json': '{"databaseChangeLog": [{"changeSet": {"id": "1",' }],
  [
    'changelogs that include one another, 6,000 deep',
    Object.fromEntries([
      ['a/a.xml', inXml('<include file="0.xml" relativeToChangelogFile="true"/>')],
      ...many(6000, i => `a/${i}.xml`).map((path, i) => [
        path,
        inXml(`<include file="${i + 1}.xml" relativeToChangelogFile="true"/>`),
      ]),
    ]),
  ],
  [
    'every statement changed 20,000 times',
    {
      'a/a.xml': inXml(
        `<changeSet id="1" author="a">${'<sql>SELECT 1</sql>'.repeat(10_000)}<modifySql>${'<replace replace="a" with="b"/>'.repeat(20_000)}</modifySql></changeSet>`,
      ),
    },
  ],
  [
    'a file of nothing, 20,000 times',
    {
      'a/blank.sql': '\n'.repeat(2_000_000),
      'a/a.xml': inXml(
        `<changeSet id="1" author="a">${'<sqlFile path="blank.sql" relativeToChangelogFile="true"/>'.repeat(20_000)}</changeSet>`,
      ),
    },
  ],
]

describe('is reported as unread, or read in part', () => {
  test.each(attacks)('%s', async (_, files) => {
    const { unread, notices } = await linted(files)
    expect(unread.length + notices.length).toBeGreaterThan(0)
  })
})

describe('is read', () => {
  test('a text of 200,000 lines, none of which stands in the file as it is', async () => {
    const sql = `"SELECT 1;${'\\x41b\\n'.repeat(200_000)}"`
    await linted({ ...master('a.yaml'), 'a.yaml': inYaml(change(1, `{ sql: { sql: ${sql} } }`)) })
  })

  test('a name that is an alias, after 2,000 others', async () => {
    const others = many(2000, i => change(i, '{ tagDatabase: { tag: *name } }'))
    const files = {
      ...master('a.yaml'),
      'a.yaml': inYaml(
        'property: { name: n, value: &name orders }',
        ...others,
        change(9999, '{ dropTable: { tableName: *name } }'),
      ),
    }
    const { findings } = await linted(files)
    expect(findings.map(({ message }) => message)).toContainEqual(expect.stringContaining('"orders"'))
  })

  test('names that every object has', async () => {
    const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty']
    const changes = names.map((name, i) =>
      change(i, `{ dropTable: { tableName: ${name}, ${name}: 1 } }, { ${name}: { a: 1 } }`),
    )
    await linted({ ...master('a.yaml'), 'a.yaml': inYaml(...changes, ...names.map(name => `${name}: { ${name}: 1 }`)) })
  })
})
