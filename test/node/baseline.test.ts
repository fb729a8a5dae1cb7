import { readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commit, git, repository } from '../kit/git.ts'
import { blockingIndex, migrateLint, project } from './kit/program.ts'

const file = 'migrate-lint-baseline.json'
const config = { 'migrate-lint.config.json': `{ "baseline": "${file}", "timeouts": { "setBy": "role" } }` }
const old = { ...blockingIndex, ...config }

const read = (cwd: string) => readFileSync(join(cwd, file), 'utf8')
const put = (cwd: string, path: string, text: string) => writeFileSync(join(cwd, path), text)
/** Exit code, `path rule` of what is reported, and stderr without what is reported for the folder. */
async function run(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await migrateLint(['-f', 'json', '--only', 'blocking-index-build', ...args], { cwd })
  const report: { findings: { path: string; rule: string }[]; summary: { suppressed: number } } = stdout
    ? JSON.parse(stdout)
    : { findings: [], summary: { suppressed: 0 } }
  return {
    code,
    found: report.findings.map(({ path, rule }) => `${path} ${rule}`),
    suppressed: report.summary.suppressed,
    stderr: stderr.replace(/^migrate-lint: Reading .*\n/gm, ''),
  }
}

describe('a baseline (OF-33)', () => {
  it('is written once, and from then on only new findings fail', async () => {
    const cwd = project(old)
    const written = await run(cwd, '--update-baseline')
    expect(written).toEqual({
      code: 0,
      found: [],
      suppressed: 1,
      stderr: `migrate-lint: Wrote ${file}: 1 finding in 1 file.\n`,
    })
    const text = read(cwd)
    expect(Object.keys(JSON.parse(text).findings)).toEqual(['migrations/002_index.sql'])
    expect(await run(cwd)).toEqual({ code: 0, found: [], suppressed: 1, stderr: '' })
    put(cwd, 'migrations/003_index.sql', 'CREATE INDEX orders_id_idx ON orders (id);\n')
    expect(await run(cwd)).toMatchObject({
      code: 1,
      found: ['migrations/003_index.sql blocking-index-build'],
      stderr: '',
    })
    expect((await run(cwd, '--no-baseline')).found).toHaveLength(2)
    expect(read(cwd)).toBe(text)
    await run(cwd, '--update-baseline')
    const both = read(cwd)
    await run(cwd, '--update-baseline')
    expect(read(cwd)).toBe(both)
  })

  it('that accepts findings that no longer occur fails the run, until it is pruned', async () => {
    const cwd = project(old)
    await run(cwd, '--update-baseline')
    put(cwd, 'migrations/002_index.sql', 'SELECT 1;\n')
    const stale = await run(cwd)
    expect(stale).toMatchObject({ code: 1, found: [] })
    expect(stale.stderr).toContain(`1 finding recorded in ${file} no longer occurs: run --prune-baseline.`)
    expect(stale.stderr).toContain('migrations/002_index.sql: blocking-index-build (1)')
    expect(await run(cwd, '--pass-on-unpruned')).toMatchObject({ code: 0, stderr: stale.stderr })
    expect((await run(cwd, '--fail-on', 'never')).code).toBe(0)
    // A run that is about another file, or another rule, cannot know.
    expect(await run(cwd, 'migrations/001_orders.sql')).toMatchObject({ code: 0, stderr: '' })
    const other = await migrateLint(['--only', 'drop-column'], { cwd })
    expect(other).toMatchObject({ code: 0, stderr: expect.not.stringContaining('no longer') })
    expect(await run(cwd, '--prune-baseline')).toMatchObject({
      code: 0,
      stderr: `migrate-lint: Removed 1 finding from ${file}.\n`,
    })
    expect(JSON.parse(read(cwd))).toEqual({ version: 2, findings: {} })
    expect(await run(cwd)).toMatchObject({ code: 0, stderr: '' })
  })

  it('reports files that are missing or renamed', async () => {
    const cwd = project(old)
    await run(cwd, '--update-baseline')
    renameSync(join(cwd, 'migrations/002_index.sql'), join(cwd, 'migrations/003_index.sql'))
    const moved = await run(cwd)
    expect(moved).toMatchObject({ code: 1, found: ['migrations/003_index.sql blocking-index-build'] })
    expect(moved.stderr).toContain('migrations/002_index.sql: blocking-index-build (1)')
    rmSync(join(cwd, 'migrations/003_index.sql'))
    expect((await run(cwd, 'migrations')).stderr).toContain('no longer occur')
  })

  it('of an earlier version is read; where it no longer agrees, one line says what to do', async () => {
    const cwd = project({ ...old, 'migrations/003_text.sql': "SELECT E'it\\'s -- x'; DROP TABLE orders;\n" })
    await run(cwd, '--update-baseline')
    const older = JSON.parse(read(cwd))
    put(cwd, file, JSON.stringify({ ...older, version: 1 }))
    expect(await run(cwd)).toMatchObject({ code: 0, found: [], stderr: '' })
    older.findings['migrations/002_index.sql']['blocking-index-build'] = { '0123456789abcdef': 1 }
    put(cwd, file, JSON.stringify({ ...older, version: 1 }))
    const stale = await run(cwd)
    expect(stale).toMatchObject({ code: 1, found: ['migrations/002_index.sql blocking-index-build'] })
    expect(stale.stderr).toContain(`${file} was written by an earlier version`)
    expect(stale.stderr).toContain('Run --update-baseline')
    await run(cwd, '--update-baseline')
    expect(JSON.parse(read(cwd)).version).toBe(2)
    expect(await run(cwd)).toMatchObject({ code: 0, found: [], stderr: '' })
  })

  it('is the same from wherever the tool is started, and may be named on the command line', async () => {
    const cwd = project({ ...blockingIndex, 'deep/er/x': '' })
    await run(join(cwd, 'deep'), '../migrations', '--baseline', `../${file}`, '--update-baseline')
    expect(Object.keys(JSON.parse(read(cwd)).findings)).toEqual(['migrations/002_index.sql'])
    const args = ['migrations', '--baseline', file]
    expect(await run(cwd, ...args)).toMatchObject({ code: 0, found: [], stderr: '' })
    const inner = await run(join(cwd, 'migrations'), '.', '--baseline', join(cwd, file))
    expect(inner).toMatchObject({ code: 0, found: [], suppressed: 1, stderr: '' })
  })

  it('is updated only where the run looks', async () => {
    const cwd = project({ ...old, 'migrations/003_index.sql': 'CREATE INDEX orders_id_idx ON orders (id);\n' })
    await run(cwd, '--update-baseline', 'migrations/002_index.sql')
    await run(cwd, '--update-baseline', 'migrations/003_index.sql')
    expect(Object.keys(JSON.parse(read(cwd)).findings)).toEqual([
      'migrations/002_index.sql',
      'migrations/003_index.sql',
    ])
    expect((await run(cwd)).code).toBe(0)
  })

  it('is not stale for a run that git narrows, nor written by a run that could not read everything', async () => {
    const cwd = repository({ ...old, 'migrations/003_more.sql': 'CREATE INDEX orders_id_idx ON orders (id);\n' })
    await run(cwd, '--update-baseline')
    const text = read(cwd)
    commit(cwd)
    put(cwd, 'migrations/002_index.sql', 'SELECT 1;\n')
    put(cwd, 'migrations/004_new.sql', 'CREATE INDEX orders_new_idx ON orders (id, email);\n')
    git(cwd, 'add', 'migrations/004_new.sql')
    const staged = await run(cwd, '--staged')
    expect(staged).toMatchObject({ code: 1, found: ['migrations/004_new.sql blocking-index-build'], stderr: '' })
    const changed = await run(cwd, '--since', 'HEAD')
    expect(changed.found).toEqual(staged.found)
    expect(changed.stderr).toContain('migrations/002_index.sql: blocking-index-build (1)')
    symlinkSync('nowhere', join(cwd, 'migrations/005_broken.sql'))
    const partial = await run(cwd, '--update-baseline')
    expect(partial).toMatchObject({ code: 2, stderr: expect.stringContaining(`${file} was not changed`) })
    expect(read(cwd)).toBe(text)
    expect((await run(cwd)).stderr).not.toContain('no longer')
  })

  it('that is missing or not valid is not a reason to pass', async () => {
    const cwd = project(old)
    const missing = await run(cwd)
    expect(missing.code).toBe(2)
    expect(missing.stderr).toContain(
      `Cannot read the baseline ${file}: no such file or directory. "migrate-lint --update-baseline" writes it.`,
    )
    expect((await run(cwd, '--prune-baseline')).code).toBe(2)
    put(cwd, file, '{\n<<<<<<< HEAD\n')
    const broken = await run(cwd, '--update-baseline')
    expect(broken.code).toBe(2)
    expect(broken.stderr).toContain(`${file} is not a valid baseline. It has the marks of a merge conflict.`)
    expect(read(cwd)).toBe('{\n<<<<<<< HEAD\n')
    const nowhere = await run(cwd, '--no-config', '--update-baseline')
    expect(nowhere).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--update-baseline needs to know the file'),
    })
    expect((await run(cwd, '--update-baseline', '--prune-baseline')).code).toBe(2)
  })
})
