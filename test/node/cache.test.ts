import { chmodSync, existsSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cacheIn, lintLast, longHistory, temporary } from './kit/long-history.ts'

const bad = 'CREATE INDEX ON orders (a);\n'
/** Only one file was read, instead of so many that ten are the slowest. */
const fromCache = { slowest: 1 }
const all = { slowest: 10 }
const isWindows = process.platform === 'win32'

test('the second run reads only what is new, and says the same (OF-38)', async () => {
  const [root, around] = [longHistory(bad), temporary()]
  const whole = await lintLast(root, around, '--no-cache')
  expect(whole).toMatchObject({ code: 1, ...all })
  expect(whole.stdout).toContain('blocking-index-build')
  expect(existsSync(join(around, 'migrate-lint'))).toBe(false)
  expect(await lintLast(root, around)).toEqual(whole)
  expect(await lintLast(root, around)).toEqual({ ...whole, ...fromCache })
  const { folder, files } = cacheIn(around)
  expect(files).toHaveLength(1)
  if (isWindows) return
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(files[0] ?? '').mode & 0o777).toBe(0o600)
})

test('an edit of an earlier migration, another version of PostgreSQL and the configuration count', async () => {
  const [root, around] = [longHistory(bad), temporary()]
  await lintLast(root, around)
  expect(await lintLast(root, around, '--pg-version', '12')).toMatchObject(all)
  writeFileSync(join(root, 'migrations/1000_first.sql'), 'CREATE TABLE orders (id bigint PRIMARY KEY);')
  const edited = await lintLast(root, around)
  expect(edited).toMatchObject(all)
  expect(edited.stdout).toContain('42703')
  writeFileSync(join(root, 'migrate-lint.config.json'), '{ "cache": false }')
  expect(await lintLast(root, around)).toEqual(edited)
})

test('a file that is damaged is as if it were not there', async () => {
  const [root, around] = [longHistory(bad), temporary()]
  const whole = await lintLast(root, around)
  const [file = ''] = cacheIn(around).files
  const content = readFileSync(file)
  const damages = [
    () => writeFileSync(file, ''),
    () => writeFileSync(file, 'Nobody knows.'),
    () => truncateSync(file, content.length - 1),
    () =>
      writeFileSync(
        file,
        content.map((byte, i) => (i === 4000 ? byte ^ 1 : byte)),
      ),
    () =>
      writeFileSync(
        file,
        content.map((byte, i) => (i === 4 ? byte ^ 1 : byte)),
      ),
  ]
  for (const damage of damages) {
    damage()
    expect(await lintLast(root, around)).toEqual(whole)
    expect(readFileSync(file).equals(content)).toBe(true)
  }
  expect(await lintLast(root, around)).toMatchObject(fromCache)
})

test('runs at the same time do not disturb each other', async () => {
  const [root, around] = [longHistory(bad), temporary()]
  const whole = await lintLast(root, around, '--no-cache')
  const runs = await Promise.all(Array.from({ length: 4 }, () => lintLast(root, around)))
  for (const { stdout, code } of runs) expect({ stdout, code }).toEqual({ stdout: whole.stdout, code: 1 })
  expect(cacheIn(around).files).toHaveLength(1)
  expect(await lintLast(root, around)).toMatchObject(fromCache)
})

test('only what was used last is kept, and what a run has left that was ended goes', async () => {
  const [root, around] = [longHistory(bad), temporary()]
  await lintLast(root, around)
  const { folder } = cacheIn(around)
  const old = new Date(Date.now() - 10 * 24 * 60 * 60 * 1000)
  const write = (name: string, used: Date) => {
    writeFileSync(join(folder, name), '')
    utimesSync(join(folder, name), used, used)
  }
  for (let i = 0; i < 60; i++) write(`7-${String(i).padStart(64, '0')}`, old)
  write('.migrate-lint-old.tmp', old)
  write('.migrate-lint-new.tmp', new Date())
  write('foreign', old)
  await lintLast(root, around, '--pg-version', '12')
  const names = cacheIn(around).files.map(file => file.slice(folder.length + 1))
  expect(names.filter(name => /^\d+-/.test(name))).toHaveLength(40)
  expect(names).toEqual(expect.arrayContaining(['.migrate-lint-new.tmp', 'foreign']))
  expect(names).not.toContain('.migrate-lint-old.tmp')
  expect(await lintLast(root, around)).toMatchObject(fromCache)
})

// On Windows, modes of folders close nothing.
test.skipIf(isWindows)('a folder that cannot be written is not used, without a word', async () => {
  const [root, around] = [longHistory(bad), temporary()]
  const whole = await lintLast(root, around, '--no-cache')
  writeFileSync(join(around, 'migrate-lint'), 'a file')
  expect(await lintLast(root, around)).toEqual(whole)
  expect(await lintLast(root, join(around, 'migrate-lint', 'x'))).toEqual(whole)
  chmodSync(around, 0o700)
})
