import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cacheIn, lintLast, longHistory, temporary } from '../node/kit/long-history.ts'

/** The last migration drops a table, which fails where a migration before it has dropped the table. */
const last = 'DROP TABLE gone;\n'
const first = 'CREATE TABLE gone (id bigint PRIMARY KEY);'

/** A repository, and a cache in which a stranger has put what another history has left in the place of what this one leaves. */
async function forged(): Promise<{ readonly root: string; readonly around: string }> {
  const [root, around, elsewhere] = [longHistory(last, first), temporary(), temporary()]
  await lintLast(root, around)
  await lintLast(longHistory(last, `${first}\nDROP TABLE gone;`), elsewhere)
  const [own = '', other = ''] = [around, elsewhere].map(each => cacheIn(each).files[0])
  copyFileSync(other, own)
  return { root, around }
}

const isForged = ({ stdout }: { readonly stdout: string }) => stdout.includes('42P01')

// On Windows, the folder of a user is closed to others by its access list.
describe.skipIf(process.platform === 'win32')('what strangers can write is not believed', () => {
  test('the forgery works in the folder of the user', async () => {
    const { root, around } = await forged()
    expect(isForged(await lintLast(root, around))).toBe(true)
    expect(isForged(await lintLast(root, around, '--no-cache'))).toBe(false)
  })

  test.each([0o777, 0o770, 0o705])('a folder that others may use: %o', async mode => {
    const { root, around } = await forged()
    chmodSync(cacheIn(around).folder, mode)
    expect(isForged(await lintLast(root, around))).toBe(false)
  })

  test('a folder that is a link', async () => {
    const { root, around } = await forged()
    const { folder } = cacheIn(around)
    renameSync(folder, join(around, 'other'))
    symlinkSync(join(around, 'other'), folder)
    expect(isForged(await lintLast(root, around))).toBe(false)
  })

  test('a file that is a link', async () => {
    const { root, around } = await forged()
    const [file = ''] = cacheIn(around).files
    renameSync(file, join(around, 'other'))
    symlinkSync(join(around, 'other'), file)
    expect(isForged(await lintLast(root, around))).toBe(false)
  })

  test.each(['.cache', 'linked'])('a folder in the repository: %s', async name => {
    const { root, around } = await forged()
    if (name === 'linked') {
      mkdirSync(join(root, 'inside'))
      renameSync(cacheIn(around).folder, join(root, 'inside', 'migrate-lint'))
      symlinkSync(join(root, 'inside'), join(around, 'linked'))
      expect(isForged(await lintLast(root, join(around, 'linked')))).toBe(false)
      return
    }
    mkdirSync(join(root, name))
    renameSync(cacheIn(around).folder, join(root, name, 'migrate-lint'))
    expect(isForged(await lintLast(root, join(root, name)))).toBe(false)
    expect(isForged(await lintLast(root, name))).toBe(false)
  })

  test('the user’s home is the repository', async () => {
    const root = longHistory(last, first)
    await lintLast(root, join(root, '.cache'))
    expect(existsSync(join(root, '.cache'))).toBe(false)
  })
})
