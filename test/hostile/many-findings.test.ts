import { readdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import { repository } from '../kit/git.ts'
import { migrateLint, project } from '../node/kit/program.ts'
import { hostileRun } from './kit/running.ts'

const formats = [
  ...['text', 'compact', 'json', 'jsonl', 'sarif', 'github', 'gitlab'],
  ...['junit', 'checkstyle', 'rdjson', 'gcc', 'markdown', 'html'],
]

const many = 'x;\n'.repeat(130_000)

// It promises to throw on no input.
test('the library reports 130,000 findings in one file', { timeout: 400_000 }, async () => {
  const report = await lint({ migrations: [{ path: '1.sql', content: many }] })
  expect(report.findings.filter(({ rule }) => rule === 'syntax-error')).toHaveLength(130_000)
})

// The arguments of a call are on the stack: `push(...findings)` ended the run at about 120,000 of them.
test('130,000 findings in one file are reported, in every format', { timeout: 400_000 }, async () => {
  const cwd = project({
    'migrate-lint.config.json': '{ "secondsPerFile": null }',
    'migrations/1.sql': many,
    'migrations/2.sql': 'CREATE TABLE t (id int); DROP TABLE t;',
  })
  const args = formats.flatMap(format => ['--format', `${format}=reports/${format}`])
  const { code, stdout, stderr } = await migrateLint(['migrations', ...args], { cwd })
  expect([stderr, stdout, code]).toEqual(['', '', 1])
  expect(readdirSync(join(cwd, 'reports')).sort()).toEqual([...formats].sort())
  // No format leaves most of them out.
  for (const format of formats) {
    const { size } = statSync(join(cwd, 'reports', format))
    // GitHub takes no longer Markdown, so it says how many are missing.
    if (format === 'markdown') expect(size).toBeLessThan(65_536)
    else expect(size, format).toBeGreaterThan(40 * 130_000)
  }
})

// Each statement was reported with the locks of all before it: 42 MB for 400 of these.
test('statements under the locks of all earlier ones give a report in proportion to their size', {
  timeout: 400_000,
}, async () => {
  const report = async (count: number) => {
    const pairs = Array.from(
      { length: count },
      (_, i) => `ALTER TABLE a${i} ADD FOREIGN KEY (x) REFERENCES b${i} (id);\nUPDATE a${i} SET x = 1;`,
    )
    const cwd = project({ '1.sql': `BEGIN;\n${pairs.join('\n')}\nCOMMIT;` })
    const { stdout } = await migrateLint(['--format', 'json', '.'], { cwd })
    return stdout
  }
  const [one, four] = [await report(50), await report(200)]
  expect(four.length).toBeLessThan(4.5 * one.length)
  const { findings } = JSON.parse(four) as {
    readonly findings: readonly { readonly effects?: readonly unknown[]; readonly moreEffects?: number }[]
  }
  // None of them is lost to who counts.
  const counts = findings.map(({ effects = [], moreEffects = 0 }) => effects.length + moreEffects)
  expect(Math.max(...counts)).toBe(400)
})

// Each of them named all others: a report of 400 MB, and memory of gigabytes, for 1,600 files.
test('a thousand migrations that nothing joins give a report in proportion to their size', {
  timeout: 400_000,
}, async () => {
  const name = 'x'.repeat(100)
  const each = (text: (i: number) => string, path: (i: number) => string) =>
    Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [path(i), text(i)]))
  const leaves = each(
    () => 'class Migration(migrations.Migration):\n    dependencies = []\n',
    i => `shop/migrations/${1000 + i}_${name}.py`,
  )
  const revisions = each(
    i => `revision = "${name}${i}"\ndown_revision = None\nbranch_labels = ("shop",)\n`,
    i => `alembic/versions/${i}.py`,
  )
  const projects = {
    Django: { 'manage.py': '', 'shop/migrations/__init__.py': '', ...leaves },
    Alembic: { 'alembic.ini': '[alembic]\nscript_location = alembic\n', ...revisions },
  }
  for (const [tool, files] of Object.entries(projects)) {
    const cwd = project(files)
    const { stdout, code } = await migrateLint(['--unread', 'allow', '--format', 'json'], { cwd })
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly { readonly rule: string }[] }
    const heads = findings.filter(({ rule }) => rule === 'several-heads')
    expect([tool, heads.length, code]).toEqual([tool, 1000, 1])
    expect(stdout.length).toBeLessThan(8_000_000)
  }
})

// Each include that leads nowhere was a line of its own, and so was each file that could not be opened.
test('notices that anybody can cause by the thousand are a few, with the number of the others', async () => {
  const includes = Array.from({ length: 3000 }, (_, i) => `  - include:\n      file: no-${i}.sql\n`)
  const cwd = project({
    'liquibase.properties': 'changeLogFile=db/changelog.yaml\nurl=jdbc:postgresql://localhost/a\n',
    'db/changelog.yaml': `databaseChangeLog:\n  - include:\n      file: db/1.sql\n${includes.join('')}`,
    'db/1.sql': '--liquibase formatted sql\n--changeset a:1\nCREATE TABLE a (id bigint PRIMARY KEY);\n',
  })
  const nowhere = await migrateLint([], { cwd })
  expect(nowhere.stderr).toContain('There are 2950 more notices like the last one.\n')
  expect(nowhere.stderr.split('\n').length).toBeLessThan(70)
  const links = project({ '1.sql': 'CREATE TABLE a (id bigint PRIMARY KEY);\n' })
  for (let i = 0; i < 300; i++) symlinkSync('/nowhere', join(links, `2_${i}.sql`))
  const closed = await migrateLint(['.'], { cwd: links })
  expect(closed.stderr.split('\n').length).toBeLessThan(70)
  expect(closed).toMatchObject({ code: 2, stdout: expect.stringMatching(/^300 files or folders could not be read; /) })
})

// A line for each, each looked for by itself: git was started for each path, which took minutes.
test('mistakes of a configuration by the thousand are a few lines, and take little time', async () => {
  const rules = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`rule-${i}`, 'off']))
  const paths = Array.from({ length: 1000 }, (_, i) => `gone${i}`)
  for (const [config, lines] of [
    [{ rules }, 21],
    [{ paths }, 1],
    [{ paths: [...paths, 'x'] }, 1],
  ] as const) {
    const root = repository({ 'db/1.sql': 'SELECT 1;\n', 'migrate-lint.config.json': JSON.stringify(config, null, 1) })
    const { code, stderr } = await hostileRun([], root)
    expect([code, stderr.trimEnd().split('\n').length, stderr.length < 3000]).toEqual([2, lines, true])
  }
})
