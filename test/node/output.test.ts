import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reporters } from '../../src/report/index.ts'
import { blockingIndex, cli, migrateLint, project, safeIndex } from './kit/program.ts'

const esc = '\u001b'
const formats = Object.keys(reporters)

describe('formats', () => {
  it('are all in the help (OF-01)', async () => {
    const { stdout } = await migrateLint(['--help'], { cwd: project({}) })
    const words = stdout.replace(/\s+/g, ' ')
    expect(words).toContain(`${formats.slice(0, -1).join(', ')} or ${formats.at(-1)}, and where to write it`)
  })

  it.each(formats)('%s goes to standard output, alone (OF-02)', async format => {
    const { stdout, stderr } = await migrateLint(['migrations', '-f', format], { cwd: project(blockingIndex) })
    expect(stdout).toContain('blocking-index-build')
    expect(stdout.endsWith('\n')).toBe(true)
    expect(stdout).not.toContain(esc)
    expect(stderr).toBe('')
  })

  it('are valid when nothing is found (OF-02)', async () => {
    const expected: Readonly<Record<string, RegExp>> = {
      json: /^\{[\s\S]*"findings": \[\],\s*"unread": \[\]\n?\}\n$/,
      jsonl: /^$/,
      sarif: /^\{.*"results":\[\].*\}\n$/,
      github: /^$/,
      gitlab: /^\[\]\n$/,
      junit: /^<\?xml [\s\S]*<testcase [\s\S]*<\/testsuites>\n$/,
      checkstyle: /^<\?xml [\s\S]*<checkstyle [\s\S]*>\n$/,
      rdjson: /^\{.*"diagnostics":\s*\[\].*\}\n$/s,
      gcc: /^$/,
    }
    const cwd = project(safeIndex)
    const flags = Object.keys(expected).flatMap(format => ['-f', `${format}=${format}`])
    expect(await migrateLint(['migrations', ...flags], { cwd })).toEqual({ code: 0, stdout: '', stderr: '' })
    for (const [format, text] of Object.entries(expected)) {
      expect(readFileSync(join(cwd, format), 'utf8'), format).toMatch(text)
    }
  })

  it('can be several in one run (OF-01)', async () => {
    const cwd = project(blockingIndex)
    const { stdout } = await migrateLint(
      ['migrations', '-f', 'gcc', '-f', 'json=out/a.json', '-f', 'sarif=b=c.sarif'],
      { cwd },
    )
    expect(stdout).toMatch(/^migrations\/002_index\.sql:1:/m)
    expect(JSON.parse(readFileSync(join(cwd, 'out/a.json'), 'utf8')).schemaVersion).toBe(1)
    expect(JSON.parse(readFileSync(join(cwd, 'b=c.sarif'), 'utf8')).version).toBe('2.1.0')
  })

  it('have the same places in all of them', async () => {
    const cwd = project({
      ...blockingIndex,
      'migrations/003.sql': '-- é🙂\r\n\tSELECT 1; CREATE INDEX x ON orders (id);\n',
    })
    const args = ['migrations/003.sql', '--only', 'blocking-index-build', '-f']
    const run = async (format: string) => (await migrateLint([...args, format], { cwd })).stdout
    const [finding] = JSON.parse(await run('json')).findings
    const { line, column } = finding.start
    expect(line).toBe(2)
    expect(await run('gcc')).toContain(`003.sql:${line}:${column}: `)
    expect(await run('github')).toContain(`line=${line},`)
    const [result] = JSON.parse(await run('sarif')).runs[0].results
    expect(result.locations[0].physicalLocation.region).toMatchObject({ startLine: line, startColumn: column })
    expect(await run('text')).toMatch(new RegExp(`^ +${line} │`, 'm'))
  })

  it('name files from the root of the repository where hosts read them, else as they are seen (SA-03, OF-06)', async () => {
    const root = project({
      'apps/shop/migrations/1.sql': blockingIndex['migrations/001_orders.sql'],
      'data/2.sql': blockingIndex['migrations/002_index.sql'],
    })
    // On Windows links need a right that users do not have.
    const linked = process.platform !== 'win32'
    const [path, name] = linked ? ['data/2.sql', 'link.sql'] : ['apps/shop/migrations/2.sql', '2.sql']
    if (linked) symlinkSync('../../../data/2.sql', join(root, 'apps/shop/migrations', name))
    else renameSync(join(root, 'data/2.sql'), join(root, path))
    const run = async (format: string) => {
      const args = ['migrations', '--only', 'blocking-index-build', '-f', format]
      return (await migrateLint(args, { cwd: join(root, 'apps/shop') })).stdout
    }
    expect(JSON.parse(await run('sarif')).runs[0].results).toMatchObject([
      { locations: [{ physicalLocation: { artifactLocation: { uri: path, uriBaseId: '%SRCROOT%' } } }] },
    ])
    expect(JSON.parse(await run('gitlab'))).toMatchObject([{ location: { path } }])
    expect(await run('github')).toMatch(new RegExp(`^::error file=${path},`))
    expect(JSON.parse(await run('json')).findings).toMatchObject([{ path: `migrations/${name}` }])
    expect(await run('gcc')).toMatch(new RegExp(`^migrations/${name}:1:1: `))
  })

  it('are the same in GitHub Actions, and have nothing of another one mixed in (GA-26, GA-27)', async () => {
    const cwd = project(blockingIndex)
    const timeless = (text: string) => text.replace(/\d+ ms/, 'n ms')
    for (const format of ['text', 'json', 'sarif', 'github']) {
      const [here, there] = await Promise.all(
        [{}, { GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_STEP_SUMMARY: join(cwd, 'summary') }].map(env =>
          migrateLint(['migrations', '-f', format], { cwd, env }),
        ),
      )
      expect(timeless(there?.stdout ?? ''), format).toBe(timeless(here?.stdout ?? ''))
      expect(there?.stderr).toBe('')
      expect(/^::\w+ /m.test(there?.stdout ?? ''), format).toBe(format === 'github')
    }
    expect(existsSync(join(cwd, 'summary'))).toBe(false)
  })

  it('go to --output-file, never coloured', async () => {
    const cwd = project(blockingIndex)
    const { stdout, code } = await migrateLint(['migrations', '-o', 'report.txt', '--color'], { cwd })
    expect(stdout).toBe('')
    expect(code).toBe(1)
    const written = readFileSync(join(cwd, 'report.txt'), 'utf8')
    expect(written).toContain('blocking-index-build')
    expect(written).not.toContain(esc)
  })

  it('that cannot be written are a failure', async () => {
    const { code, stderr } = await migrateLint(['migrations', '-o', '.'], { cwd: project(blockingIndex) })
    expect(stderr).toBe('migrate-lint: Cannot write .: is a directory.\n')
    expect(code).toBe(2)
  })
})

describe('text', () => {
  it.each([
    [[], {}, false],
    [['--color'], {}, true],
    [['--color'], { NO_COLOR: '1' }, true],
    [['--no-color'], { FORCE_COLOR: '1' }, false],
    [[], { FORCE_COLOR: '1' }, true],
    [[], { FORCE_COLOR: '0' }, false],
    [[], { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    [[], { FORCE_COLOR: '1', NO_COLOR: '' }, true],
    [[], { FORCE_COLOR: '1', TERM: 'dumb' }, true],
  ])('flags %j and environment %j in a pipe: coloured %s (OF-12)', async (flags, env, colored) => {
    const cwd = project(blockingIndex)
    const { stdout } = await migrateLint(['migrations', ...flags], { cwd, env })
    expect(stdout.includes(`${esc}[`)).toBe(colored)
    expect(stdout).not.toContain(`${esc}]8;`)
  })

  it('is ASCII on request (OF-13)', async () => {
    const { stdout } = await migrateLint(['migrations', '--ascii'], { cwd: project(blockingIndex) })
    expect([...stdout].filter(character => character > '~')).toEqual([])
  })

  it('keeps to eighty columns in a pipe', async () => {
    const { stdout } = await migrateLint(['migrations'], { cwd: project(blockingIndex), env: { COLUMNS: '200' } })
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('sums notes up by default', async () => {
    const cwd = project(blockingIndex)
    const args = ['migrations', '--rule', 'blocking-index-build=note', '--only', 'blocking-index-build']
    const summed = await migrateLint(args, { cwd })
    expect(summed.stdout.split('\n').filter(line => line !== '')).toHaveLength(1)
    expect(summed.stdout).toContain('1 note')
    expect((await migrateLint([...args, '--notes'], { cwd })).stdout).toContain('CREATE INDEX orders_email_idx')
  })
})

describe('locks', () => {
  it('prints what each statement locks', async () => {
    const { code, stdout } = await migrateLint(['locks', 'migrations'], { cwd: project(blockingIndex) })
    expect(stdout).toMatch(/ShareLock +for the whole build +orders/)
    expect(stdout).toContain('1 more statement locks nothing')
    const all = await migrateLint(['locks', '--all', 'migrations'], { cwd: project(blockingIndex) })
    expect(all.stdout).toContain('locks nothing that was there before')
    expect(code).toBe(0)
  })

  it('has a contract in JSON', async () => {
    const { stdout } = await migrateLint(['locks', '-f', 'json', 'migrations'], { cwd: project(blockingIndex) })
    const { schemaVersion, statements } = JSON.parse(stdout)
    expect(schemaVersion).toBe(1)
    expect(statements).toMatchObject([
      { path: 'migrations/001_orders.sql', opaque: false, effects: [] },
      {
        path: 'migrations/002_index.sql',
        start: { line: 1, column: 1, offset: 0 },
        sql: 'CREATE INDEX orders_email_idx ON orders (email)',
        effects: [{ relation: 'orders', lock: 'ShareLock', work: 'build', blocks: { reads: false, writes: true } }],
      },
    ])
  })

  it('shows what could not be parsed, and on standard error what could not be read', async () => {
    const cwd = project({
      'migrations/1.sql': 'SELECT 1;\nSELEC 2;\n',
      'migrations/2.sql': Buffer.from('SELECT 3; -- \xff\n', 'latin1'),
    })
    const { code, stderr, stdout } = await migrateLint(['locks', 'migrations'], { cwd })
    expect(stdout).toMatch(/2 {2}SELEC 2\n +fails: syntax error at or near "SELEC" \(SQLSTATE 42601\)/)
    expect(stderr).toMatch(/^migrate-lint: migrations\/2\.sql:1:14: /)
    expect(code).toBe(0)
  })
})

describe('rules', () => {
  it('are listed by category', async () => {
    const { code, stdout } = await migrateLint(['rules'], { cwd: project({}) })
    expect(stdout).toMatch(/^locking\n/m)
    expect(stdout).toMatch(/^ {2}blocking-index-build +error +/m)
    expect(code).toBe(0)
  })

  it('are explained', async () => {
    const { code, stdout } = await migrateLint(['rules', 'blocking-index-build'], { cwd: project({}) })
    expect(stdout).toMatch(/^blocking-index-build\n/)
    expect(stdout).toContain('CREATE INDEX CONCURRENTLY')
    expect(stdout).not.toContain('```')
    expect(code).toBe(0)
  })
})

describe('the process', () => {
  // Windows tells a pipe that its reader closed in other ways than EPIPE, which were not looked at.
  it.skipIf(process.platform === 'win32')(
    'ends quietly when nobody reads on, with the same exit code (OF-15)',
    async () => {
      const sql = Array.from({ length: 3000 }, (_, i) => `SELEC ${i};`).join('\n')
      const cwd = project({ 'migrations/1.sql': sql })
      const child = spawn(process.execPath, [cli, 'migrations'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
      let stderr = ''
      child.stderr.setEncoding('utf8').on('data', text => {
        stderr += text
      })
      child.stdout.once('data', () => child.stdout.destroy())
      const [code] = await once(child, 'close')
      expect(stderr).toBe('')
      expect(code).toBe(1)
    },
  )

  // On Windows kill() ends a process without a signal that it could answer.
  it.skipIf(process.platform === 'win32')('ends with 130 when it is interrupted (OF-20)', async () => {
    // A configuration that says when it is being read, and never ends.
    const endless = 'process.stderr.write("reading"); await new Promise(done => setTimeout(done, 60_000))'
    const cwd = project({ ...blockingIndex, 'migrate-lint.config.mjs': endless })
    const child = spawn(process.execPath, [cli, 'migrations'], { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
    child.stderr.once('data', () => child.kill('SIGINT'))
    // Killed by the signal: shells make 128 + 2 of it.
    const [, signal] = await once(child, 'close')
    expect(signal).toBe('SIGINT')
  })

  it('reports a bug of its own in one line, with a stack only on request (OF-26)', async () => {
    const odd = 'export default new Proxy({}, { ownKeys() { throw new RangeError("out of order") } })'
    const cwd = project({ ...blockingIndex, 'migrate-lint.config.mjs': odd })
    const { code, stdout, stderr } = await migrateLint(['migrations'], { cwd })
    expect(stderr).toMatch(/^migrate-lint: internal error in version \d+\.\d+\.\d+: out of order .*--debug.*\n$/)
    expect([stdout, code]).toEqual(['', 2])
    const debugged = await migrateLint(['migrations', '--debug'], { cwd })
    expect(debugged.stderr).toMatch(/RangeError: out of order\n +at /)
    expect(debugged.code).toBe(2)
  })

  it('writes a long report whole (OF-15)', async () => {
    const sql = Array.from({ length: 3000 }, (_, i) => `SELEC ${i};`).join('\n')
    const { stdout } = await migrateLint(['migrations', '-f', 'json'], { cwd: project({ 'migrations/1.sql': sql }) })
    expect(JSON.parse(stdout).summary.errors).toBe(3000)
  })
})
