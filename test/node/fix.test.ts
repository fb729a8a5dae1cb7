import { spawnSync } from 'node:child_process'
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commit, git, repository, write } from '../kit/git.ts'
import { migrateLint } from './kit/program.ts'

const applied = {
  'migrate-lint.config.json': '{ "transaction": "none", "timeouts": { "setBy": "role" } }\n',
  'db/1.sql':
    'CREATE TABLE orders (id bigint PRIMARY KEY, email text, note text);\nCREATE INDEX old_idx ON orders (email);\n',
}
const fixable =
  'CREATE INDEX new_idx ON orders (email);\nDROP INDEX old_idx;\nALTER TABLE orders RENAME email TO mail;\n'
const fixed =
  'CREATE INDEX CONCURRENTLY new_idx ON orders (email);\nDROP INDEX CONCURRENTLY old_idx;\nALTER TABLE orders RENAME email TO mail;\n'

function text(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

describe('--fix (OF-30)', () => {
  it('fixes the file, and reports the remaining findings', async () => {
    const cwd = repository(applied)
    write(cwd, { 'db/2.sql': fixable })
    const ran = await migrateLint(['db', '--fix', '-f', 'compact'], { cwd })
    expect(text(cwd, 'db/2.sql')).toBe(fixed)
    expect(ran.stderr).toContain('migrate-lint: Fixed 2 problems in 1 file.\n')
    expect(ran.stdout).toContain('db/2.sql:3:1')
    expect(ran.stdout).not.toContain('blocking-index')
    expect(ran.code).toBe(1)
    const again = await migrateLint(['db', '--fix', '-f', 'compact'], { cwd })
    expect(again.stderr).not.toContain('Fixed')
    expect(text(cwd, 'db/2.sql')).toBe(fixed)
  })

  it('shows by the exit code whether findings remain or, on request, whether something was fixed (PC-06)', async () => {
    const cwd = repository(applied)
    const once = 'CREATE INDEX new_idx ON orders (email);\n'
    for (const [args, code] of [
      [['--fix'], 0],
      [['--fix', '--exit-non-zero-on-fix'], 1],
    ] as const) {
      write(cwd, { 'db/2.sql': once })
      expect((await migrateLint(['db', ...args], { cwd })).code).toBe(code)
      expect(text(cwd, 'db/2.sql')).not.toBe(once)
      // Nothing is left to fix.
      expect((await migrateLint(['db', ...args], { cwd })).code).toBe(0)
    }
  })

  it('keeps line ends, byte order mark and permissions, and follows links', async () => {
    const cwd = repository(applied)
    const before = `\ufeff${fixable.replaceAll('\n', '\r\n')}`
    write(cwd, { 'elsewhere/2.sql': before })
    chmodSync(join(cwd, 'elsewhere/2.sql'), 0o750)
    symlinkSync('../elsewhere/2.sql', join(cwd, 'db/2.sql'))
    await migrateLint(['db', '--fix'], { cwd })
    expect(text(cwd, 'elsewhere/2.sql')).toBe(`\ufeff${fixed.replaceAll('\n', '\r\n')}`)
    expect(statSync(join(cwd, 'elsewhere/2.sql')).mode & 0o777).toBe(0o750)
    expect(lstatSync(join(cwd, 'db/2.sql')).isSymbolicLink()).toBe(true)
    expect(readdirSync(join(cwd, 'elsewhere'))).toEqual(['2.sql'])
  })

  it('leaves applied migrations unchanged, unless a flag says otherwise', async () => {
    const cwd = repository({ ...applied, 'db/2.sql': fixable })
    const ran = await migrateLint(['db', '--fix'], { cwd })
    expect(text(cwd, 'db/2.sql')).toBe(fixable)
    expect(ran.stderr).toContain('db/2.sql was not fixed: it is applied already; --fix-applied would fix it.')
    await migrateLint(['db', '--fix', '--fix-applied'], { cwd })
    expect(text(cwd, 'db/2.sql')).toBe(fixed)
  })

  it('knows applied migrations behind links, in submodules, and if the base is unknown or git refuses to answer', async () => {
    const places: Readonly<Record<string, () => string>> = {
      link: () => {
        const cwd = repository({ ...applied, 'real/2.sql': fixable })
        symlinkSync('../real', join(cwd, 'db/more'))
        commit(cwd)
        return cwd
      },
      submodule: () => {
        const inner = repository({ '2.sql': fixable })
        const cwd = repository(applied)
        git(cwd, 'submodule', 'add', '-q', inner, 'db/more')
        return cwd
      },
      'unknown base': () => {
        const config = { ...JSON.parse(applied['migrate-lint.config.json']), baseRef: 'origin/nowhere' }
        return repository({ ...applied, 'migrate-lint.config.json': JSON.stringify(config), 'db/more/2.sql': fixable })
      },
      'of somebody else': () => repository({ ...applied, 'db/more/2.sql': fixable }),
    }
    for (const [place, make] of Object.entries(places)) {
      const cwd = make()
      const env = place === 'of somebody else' ? { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' } : {}
      const ran = await migrateLint(['db', '--fix'], { cwd, env })
      expect([place, text(cwd, 'db/more/2.sql')]).toEqual([place, fixable])
      expect(ran.stderr).toMatch(/db\/more\/2\.sql was not fixed: .*; --fix-applied would fix it\.\n/)
    }
  })

  it('shows by report and exit code that an applied migration now differs', async () => {
    const cwd = repository({ ...applied, 'db/2.sql': 'CREATE INDEX new_idx ON orders (email);\n' })
    for (const flags of [['--fix', '--fix-applied'], []]) {
      const ran = await migrateLint(['db', ...flags, '-f', 'compact'], { cwd })
      expect(ran.stdout).toContain('edited-migration')
      expect(ran.code).toBe(1)
    }
  })

  it('leaves a read-only file unchanged', async () => {
    const cwd = repository(applied)
    write(cwd, { 'db/2.sql': fixable })
    chmodSync(join(cwd, 'db/2.sql'), 0o444)
    const ran = await migrateLint(['db', '--fix'], { cwd })
    expect(text(cwd, 'db/2.sql')).toBe(fixable)
    expect(ran.stderr).toContain('db/2.sql was not fixed: it is read-only.')
  })

  it('treats committed files as applied if there is no other branch', async () => {
    const cwd = repository(applied)
    git(cwd, 'switch', '-q', 'main')
    commit(cwd, { 'db/2.sql': fixable })
    await migrateLint(['db', '--fix'], { cwd })
    expect(text(cwd, 'db/2.sql')).toBe(fixable)
  })

  it('does not touch a file in another encoding, nor one that nobody named', async () => {
    const cwd = repository(applied)
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(fixable, 'utf16le')])
    writeFileSync(join(cwd, 'db/2.sql'), utf16)
    write(cwd, {
      'db/3.sql': 'CREATE INDEX third_idx ON orders (note);\n',
      'db/4.sql': 'CREATE INDEX fourth_idx ON orders (note);\n',
    })
    const ran = await migrateLint(['db/2.sql', 'db/4.sql', '--fix'], { cwd })
    expect(ran.stderr).toContain('db/2.sql was not fixed: it is not UTF-8.')
    expect(readFileSync(join(cwd, 'db/2.sql')).equals(utf16)).toBe(true)
    expect(text(cwd, 'db/3.sql')).toBe('CREATE INDEX third_idx ON orders (note);\n')
    expect(text(cwd, 'db/4.sql')).toBe('CREATE INDEX CONCURRENTLY fourth_idx ON orders (note);\n')
  })

  it('never writes CONCURRENTLY into a transaction', async () => {
    const cwd = repository({ ...applied, 'migrate-lint.config.json': '{ "transaction": "wrapped" }\n' })
    write(cwd, { 'db/2.sql': fixable })
    await migrateLint(['db', '--fix'], { cwd })
    expect(text(cwd, 'db/2.sql')).toBe(fixable)
  })

  it('is neither for staged files nor for standard input', async () => {
    const cwd = repository(applied)
    for (const args of [
      ['--fix', '--staged'],
      ['--fix', '--diff'],
      ['--fix', '--stdin-filename', 'x.sql'],
      ['--fix', '-'],
    ]) {
      const ran = await migrateLint(args, { cwd, stdin: 'SELECT 1;\n' })
      expect([ran.code, ran.stdout]).toEqual([2, ''])
      expect(ran.stderr.trim().split('\n')).toHaveLength(1)
    }
  })
})

describe('--diff', () => {
  it('prints a patch that git takes, and writes nothing', async () => {
    const cwd = repository(applied)
    write(cwd, {
      'db/2 ü.sql': fixable.trimEnd(),
      'db/3.sql': '-- nothing\r\nCREATE INDEX third_idx ON orders (note);\r\n',
    })
    const ran = await migrateLint(['db', '--diff'], { cwd })
    expect(ran.code).toBe(1)
    expect(text(cwd, 'db/2 ü.sql')).toBe(fixable.trimEnd())
    const patched = spawnSync('git', ['apply'], { cwd, input: ran.stdout, encoding: 'utf8' })
    expect([patched.status, patched.stderr]).toEqual([0, ''])
    expect(text(cwd, 'db/2 ü.sql')).toBe(fixed.trimEnd())
    expect(text(cwd, 'db/3.sql')).toBe('-- nothing\r\nCREATE INDEX CONCURRENTLY third_idx ON orders (note);\r\n')
    expect(await migrateLint(['db', '--diff'], { cwd })).toMatchObject({ code: 0, stdout: '' })
  })

  it('is taken by git in the folder where it was made, too', async () => {
    const root = repository({ 'app/migrate-lint.config.json': applied['migrate-lint.config.json'] })
    write(root, { 'app/db/1.sql': applied['db/1.sql'], 'app/db/2 b.sql': fixable })
    const cwd = join(root, 'app')
    const ran = await migrateLint(['db/2 b.sql', '--diff'], { cwd })
    expect(spawnSync('git', ['apply'], { cwd, input: ran.stdout, encoding: 'utf8' })).toMatchObject({ status: 0 })
    expect(text(cwd, 'db/2 b.sql')).toBe(fixed)
  })
})
