import { describe, expect, it } from 'vitest'
import { exitCode } from '../../src/node/exit-code.ts'
import { oldestVersion, upcomingVersion } from '../../src/postgres/version.ts'
import { locksReporters, reporters } from '../../src/report/index.ts'
import { blockingIndex, migrateLint, project, safeIndex } from './kit/program.ts'

describe('exit code (OF-20)', () => {
  const report = (errors: number, warnings: number, notes: number) => ({
    summary: { migrations: 1, statements: 1, errors, warnings, notes, suppressed: 0 },
  })
  it.each([
    // errors, warnings, notes, failOn, maxWarnings, code
    [0, 0, 0, 'error', null, 0],
    [1, 0, 0, 'error', null, 1],
    [0, 9, 9, 'error', null, 0],
    [0, 1, 0, 'warning', null, 1],
    [0, 0, 1, 'warning', null, 0],
    [0, 0, 1, 'note', null, 1],
    [9, 9, 9, 'never', null, 0],
    [0, 3, 0, 'error', 2, 1],
    [0, 2, 0, 'error', 2, 0],
    [0, 3, 0, 'never', 2, 0],
  ] as const)('%i errors, %i warnings, %i notes, fail on %s, at most %s warnings: %i', (...row) => {
    const [errors, warnings, notes, failOn, maxWarnings, code] = row
    expect(exitCode(report(errors, warnings, notes), { failOn, maxWarnings })).toBe(code)
  })

  it('is 0 when nothing is found', async () => {
    const { code, stdout } = await migrateLint(['migrations'], { cwd: project(safeIndex) })
    expect(stdout).toMatch(/^No dangers in 2 migrations \(2 statements, \d+ ms\)/)
    expect(code).toBe(0)
  })

  it('is 1 when something is found', async () => {
    const { code, stdout, stderr } = await migrateLint(['migrations'], { cwd: project(blockingIndex) })
    expect(stdout).toContain('blocking-index-build')
    expect(stderr).toBe('')
    expect(code).toBe(1)
  })

  it.each([[['--fail-on', 'never']], [['--fail-on', 'error', '--exit-zero']]])(
    'is 0 with %j, and the report is the same (OF-22)',
    async flags => {
      const { code, stdout } = await migrateLint(['migrations', ...flags], { cwd: project(blockingIndex) })
      expect(stdout).toContain('blocking-index-build')
      expect(code).toBe(0)
    },
  )

  it('is 1 with too many warnings (OF-22)', async () => {
    const cwd = project(blockingIndex)
    const warning = ['migrations', '--rule', 'blocking-index-build=warning']
    expect((await migrateLint(warning, { cwd })).code).toBe(0)
    expect((await migrateLint([...warning, '--max-warnings', '0'], { cwd })).code).toBe(1)
    expect((await migrateLint([...warning, '--fail-on', 'warning'], { cwd })).code).toBe(1)
  })

  it('counts what --quiet hides (OF-22)', async () => {
    const cwd = project(blockingIndex)
    const args = ['migrations', '--rule', 'blocking-index-build=warning', '--fail-on', 'warning', '--quiet']
    const { code, stdout } = await migrateLint(args, { cwd })
    expect(stdout).not.toContain('blocking-index-build')
    expect(code).toBe(1)
  })

  it.each([
    [['--no-such-flag'], "unknown option '--no-such-flag'"],
    [['--pg-versoin', '16'], '--pg-version'],
    [['--fail-on', 'sometimes', 'migrations'], 'Allowed choices are error, warning, note, never'],
    [['--max-warnings', 'few', 'migrations'], 'whole number'],
    [['--preset', 'lax', 'migrations'], 'Allowed choices are'],
    [['--transaction', 'maybe', 'migrations'], 'Allowed choices are'],
    [
      ['--pg-version', '9.6', 'migrations'],
      `--pg-version must be a PostgreSQL version from "${oldestVersion}" to "${upcomingVersion}"`,
    ],
    [['--rule', 'blocking-index-bild=off', 'migrations'], 'Did you mean "blocking-index-build"?'],
    [['--rule', 'blocking-index-build=bad', 'migrations'], 'the severity must be error, warning, note or off'],
    [['--rule', 'blocking-index-build', 'migrations'], 'the severity must be error, warning, note or off'],
    [['--only', 'drop-colum', 'migrations'], 'Did you mean "drop-column"?'],
    [['--only', 'drop-column,', 'migrations'], 'separated by commas'],
    [['--format', 'jsn', 'migrations'], 'did you mean "json"?'],
    [['--format', 'json=', 'migrations'], 'a path is missing'],
    [['-f', 'json', '-f', 'text', 'migrations'], 'json and text cannot share one output'],
    [['-f', 'json=a.json', '-o', 'b.json', 'migrations'], 'has a path of its own'],
    [['--fail-on', 'never', 'locks', 'migrations'], "option '--fail-on' does not belong to the command 'locks'"],
    [['rules', 'blocking-index'], 'There is no rule "blocking-index"'],
  ])('is 2 for %j', async (args, complaint) => {
    const { code, stdout, stderr } = await migrateLint(args, { cwd: project(blockingIndex) })
    expect(stderr).toContain(complaint)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })
})

describe('help and version', () => {
  it.each([
    [[], Object.keys(reporters)],
    [['locks'], Object.keys(locksReporters)],
  ])('--help names the formats of %j', async (command, formats) => {
    const { stdout } = await migrateLint([...command, '--help'], { cwd: project({}) })
    const named = /--format <name\[=path\]> +([^(]*), and/.exec(stdout.replace(/\s+/g, ' '))?.[1]
    expect(named?.split(/, | or /)).toEqual(formats)
  })

  it('--version prints the version', async () => {
    const { code, stdout } = await migrateLint(['--version'], { cwd: project({}) })
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(code).toBe(0)
  })

  it('--help shows the flags, the commands and examples', async () => {
    const { code, stdout } = await migrateLint(['--help'], { cwd: project({}) })
    for (const word of ['--fail-on', '--stdin-filename', 'locks', 'rules', 'init', 'Examples:', 'Exit codes:']) {
      expect(stdout).toContain(word)
    }
    expect(code).toBe(0)
  })
})
