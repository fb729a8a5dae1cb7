/** Which files are one history: cases from public reports, by number. */
import { describe, expect, test } from 'vitest'
import { projectIn, projectsOf } from '../../src/systems/discover.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }

/** `system directory: paths below it`, of each project. */
function found(paths: readonly string[], text = 'SELECT 1;') {
  const { projects } = projectsOf(mapTree(Object.fromEntries(paths.map(path => [path, text]))), options)
  return projects.map(({ system, directory, migrations }) => {
    const below = migrations.map(({ path }) => path.slice(directory === '' ? 0 : directory.length + 1))
    return `${system.id} ${directory}: ${below.join(' ')}`
  })
}

describe('R5: numbered folders are one history', () => {
  test('of golang-migrate, by number of folder, then of file', () => {
    const files = ['85/01_citext', '86/02_b', '86/01_a', '100/01_z', '9/01_early'].map(
      file => `schema/oss/${file}.up.sql`,
    )
    expect(found(files)).toEqual([
      'golang-migrate schema/oss: 9/01_early.up.sql 85/01_citext.up.sql 86/01_a.up.sql 86/02_b.up.sql 100/01_z.up.sql',
    ])
  })

  test('each migration has an id of its own, and its down migration', () => {
    const files = ['1/1_a.up.sql', '1/1_a.down.sql', '2/1_b.up.sql', '2/1_b.down.sql'].map(file => [
      `m/${file}`,
      'SELECT 1;',
    ])
    const { migrations, notices } = projectIn(mapTree(Object.fromEntries(files)), 'm', options, 'golang-migrate')
    expect(migrations.map(({ id, downPath }) => `${id} ${downPath}`)).toEqual([
      '1/1 m/1/1_a.down.sql',
      '2/1 m/2/1_b.down.sql',
    ])
    expect(notices).toEqual([])
  })

  test('of goose, by its marks', () => {
    expect(found(['db/v2/1_b.sql', 'db/V10/1_c.sql', 'db/v1/1_a.sql'], '-- +goose Up\nSELECT 1;\n')).toEqual([
      'goose db: v1/1_a.sql v2/1_b.sql V10/1_c.sql',
    ])
  })

  test('of plain SQL, whatever case the letter has', () => {
    expect(found(['migrations/v1/a.sql', 'migrations/V2/b.sql', 'migrations/v10/c.sql'])).toEqual([
      'plain migrations: v1/a.sql V2/b.sql v10/c.sql',
    ])
  })

  test('but not folders of shards, or folders without a number', () => {
    const shards = ['1', '2', '3'].flatMap(shard => [`shards/${shard}/01_a.up.sql`, `shards/${shard}/02_b.up.sql`])
    expect(found(shards)).toEqual(
      ['1', '2', '3'].map(shard => `golang-migrate shards/${shard}: 01_a.up.sql 02_b.up.sql`),
    )
    expect(found(['a/1_x.up.sql', 'b/2_y.up.sql', '3d/3_z.up.sql'])).toHaveLength(3)
    expect(found(['one/1/1_a.up.sql', 'two/2/1_b.up.sql'])).toHaveLength(2)
  })
})

describe("kind 9: Liquibase's changelogs are read as YAML, JSON and XML", () => {
  const sql = { 'db/a.sql': 'SELECT 1;', 'db/b.sql': 'SELECT 2;', 'db/c.sql': 'SELECT 3;' }
  const paths = (name: string, text: string) =>
    projectIn(mapTree({ ...sql, [`db/${name}`]: text }), 'db', options, 'liquibase').migrations.map(({ path }) => path)

  test.each([
    [
      'comments at the ends of lines, and in values',
      'changelog.yaml',
      `databaseChangeLog: # in order
  - include: # "file: c.sql"
      file: db/b.sql # before a.sql
  # - include: { file: db/c.sql }
  - include:
      relativeToChangelogFile: true # not classpath
      file: a.sql
  - property: { name: text, value: "- include file: db/c.sql" }
`,
    ],
    [
      'inline',
      'changelog.yml',
      'databaseChangeLog: [{include: {file: db/b.sql}}, {"include": {"file": "db/a.sql"}}]\n',
    ],
    [
      'anchors',
      'changelog.yaml',
      'x: &b {file: db/b.sql}\ndatabaseChangeLog:\n- include: *b\n- include:\n    file: >-\n      db/a.sql\n',
    ],
    [
      'several documents',
      'changelog.yaml',
      'databaseChangeLog:\n- include: {file: db/b.sql}\n---\ndatabaseChangeLog:\n- include: {file: db/a.sql}\n',
    ],
    [
      'JSON',
      'changelog.json',
      '{"databaseChangeLog": [{"include": {"file": "db/b.sql"}}, {"include": {"file": "a.sql", "relativeToChangelogFile": "true"}}]}',
    ],
    [
      'XML',
      'changelog.xml',
      `<databaseChangeLog>
# not a comment: <include file="db/b.sql"/>
<!-- <include file="db/c.sql"/> --><include relativeToChangelogFile="true" file='a.sql'/></databaseChangeLog>`,
    ],
  ])('%s', (_, name, text) => {
    expect(paths(name, text)).toEqual(['db/b.sql', 'db/a.sql'])
  })

  test('a file that is not YAML is reported with the line of the error', () => {
    const text = 'databaseChangeLog:\n- include: {file: db/a.sql}\n- include: {file: db/b.sql\n'
    const { notices } = projectIn(mapTree({ ...sql, 'db/changelog.yaml': text }), 'db', options, 'liquibase')
    expect(notices).toEqual([expect.stringMatching(/^db\/changelog\.yaml cannot be read: .+ \(line [34]\)\.$/)])
  })
})
