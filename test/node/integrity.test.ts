import { describe, expect, it } from 'vitest'
import { migrateLint, project } from './kit/program.ts'

// The sums are those of ariga.io/atlas/sql/migrate.
const files = {
  'm/1_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY);\n',
  'm/2_customers.sql': 'CREATE TABLE customers (id bigint PRIMARY KEY, email text);\n',
  'm/3_events.sql': 'CREATE TABLE events (id bigint PRIMARY KEY);\n',
  'm/atlas.sum':
    'h1:HC9ngJUkUPm7FNqriRi4kR+xqvsBpKK2dvWF1sRDM/g=\n1_orders.sql h1:zA61S7ZFjYacl1lOhkUszKBy4GdMRR6OXts9u15+AIA=\n2_customers.sql h1:5HedVgUZ20KsUBRK3VKsOWukCXBoUhwTA1vZVdmxQUY=\n3_events.sql h1:bLAvjhzA9xUkpEy5N/Db+8ouRYw/Fu1ZE/9OfcPHl1I=\n',
}
const more = 'CREATE TABLE notes (id bigint PRIMARY KEY);\n'

interface Shown {
  readonly path: string
  readonly rule: string
  readonly start: { readonly line: number }
}

async function found(cwd: string, ...args: string[]) {
  const ran = await migrateLint([...args, '-f', 'json'], { cwd })
  const { findings = [], summary = null } = ran.stdout ? JSON.parse(ran.stdout) : {}
  const shown = (findings as Shown[]).map(({ path, rule, start }) => `${path}:${start.line} ${rule}`)
  return { ...ran, findings: shown, summary }
}

describe('wrong sums (ED-07)', () => {
  it('are found without git, by the lint run and by history, at their place in atlas.sum', async () => {
    expect((await found(project(files))).findings).toEqual([])
    const cwd = project({ ...files, 'm/4_notes.sql': more })
    const { code, findings, summary } = await found(cwd)
    expect(findings).toEqual(['m/atlas.sum:4 integrity-file-stale'])
    expect(code).toBe(1)
    expect(summary).toMatchObject({ migrations: 4, errors: 1 })
    const history = await found(cwd, 'history')
    expect(history.findings).toEqual(findings)
    expect(history.summary).toMatchObject({ migrations: 4 })
  })

  it('are shown by every report', async () => {
    const cwd = project({ ...files, 'm/4_notes.sql': more })
    const text = await migrateLint([], { cwd })
    expect(text.stdout).toContain('Atlas refuses to run: "4_notes.sql" is not listed in atlas.sum.')
    expect(text.stdout).toContain('4 │ 3_events.sql h1:bLAvjhzA9xUkpEy5N/Db+8ouRYw/Fu1ZE/9OfcPHl1I=')
    const sarif = JSON.parse((await migrateLint(['-f', 'sarif'], { cwd })).stdout)
    expect(sarif.runs[0].results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'm/atlas.sum', uriBaseId: '%SRCROOT%' },
      region: { startLine: 4, startColumn: 1, endLine: 4, endColumn: 61 },
    })
    const gitlab = JSON.parse((await migrateLint(['-f', 'gitlab'], { cwd })).stdout)
    expect(gitlab[0].location).toMatchObject({ path: 'm/atlas.sum' })
    const github = await migrateLint(['-f', 'github'], { cwd })
    expect(github.stdout).toContain('file=m/atlas.sum,line=4')
    const locks = await migrateLint(['locks'], { cwd })
    expect(locks.stdout).not.toContain('atlas.sum')
  })

  it('are reported only if the file or a covered file is named', async () => {
    const cwd = project({ ...files, 'm/4_notes.sql': more, 'other/1.sql': 'SELECT 1;\n' })
    const stale = ['m/atlas.sum:4 integrity-file-stale']
    expect((await found(cwd, 'm/4_notes.sql')).findings).toEqual(stale)
    expect((await found(cwd, 'm/atlas.sum')).findings).toEqual(stale)
    expect((await found(cwd, 'm')).findings).toEqual(stale)
    expect((await found(cwd, 'other/1.sql')).findings).toEqual([])
  })

  it('do not count ignored files as missing', async () => {
    const config = { 'migrate-lint.config.json': '{ "ignore": ["m/1_*.sql"] }' }
    expect((await found(project({ ...files, ...config }))).findings).toEqual([])
    const off = { 'migrate-lint.config.json': '{ "rules": { "integrity-file-stale": "off" } }' }
    expect((await found(project({ ...files, ...off, 'm/4_notes.sql': more }))).findings).toEqual([])
  })
})
