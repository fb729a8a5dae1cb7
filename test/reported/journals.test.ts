import { describe, expect, test } from 'vitest'
import { found } from '../history/kit/repository.ts'
import { commit, type Files, git, repository } from '../kit/git.ts'

// Cases from public reports, other linters' tests and real histories, by their numbers, with variants.

describe('F14: several heads of Alembic, several leaves of Django', () => {
  const revision = (id: string, down: string) => `revision = "${id}"\ndown_revision = ${down}\n`
  const home = { 'alembic/env.py': '', 'alembic/script.py.mako': '' }
  const aaa = {
    'alembic/versions/aaa.py': revision('aaa', 'None'),
    'alembic/versions/bbb.py': revision('bbb', '"aaa"'),
  }
  const heads = async (root: string) => (await found(root)).filter(line => line.startsWith('several-heads')).sort()
  const django = (...dependencies: string[]) =>
    `class Migration(migrations.Migration):\n    dependencies = [${dependencies.map(each => `("shop", "${each}")`).join(', ')}]\n`

  test('are found at each of them, until a migration joins them', async () => {
    const root = repository({ ...home, ...aaa })
    commit(root, { 'alembic/versions/ccc.py': revision('ccc', '"aaa"') })
    const what =
      'Alembic stops at `upgrade head` with "Multiple head revisions are present": "bbb" and "ccc" are both heads.'
    expect(await heads(root)).toEqual([
      `several-heads error alembic/versions/bbb.py: ${what}`,
      `several-heads error alembic/versions/ccc.py: ${what}`,
    ])
    commit(root, { 'alembic/versions/ddd.py': revision('ddd', '("bbb", "ccc")') })
    expect(await heads(root)).toEqual([])
  })

  test('are found if main has the other one by now', async () => {
    const root = repository({ ...home, 'alembic/versions/aaa.py': revision('aaa', 'None') })
    commit(root, { 'alembic/versions/ccc.py': revision('ccc', '"aaa"') })
    expect(await heads(root)).toEqual([])
    git(root, 'switch', '-q', 'main')
    commit(root, aaa)
    git(root, 'switch', '-q', 'work')
    expect(await heads(root)).toEqual([
      expect.stringMatching(/^several-heads error \S+ccc\.py: .*"bbb" and "ccc" are both heads once main has this\.$/),
    ])
  })

  test('include leaves of one app of Django', async () => {
    const root = repository({
      'manage.py': '',
      'shop/migrations/0001_initial.py': django(),
      'shop/migrations/0002_a.py': django('0001_initial'),
      'cart/migrations/0001_initial.py': django('0002_a'),
    })
    commit(root, { 'shop/migrations/0002_b.py': django('0001_initial') })
    const what =
      'Django stops at `migrate` with "Conflicting migrations detected": "0002_a" and "0002_b" are both leaf nodes of shop.'
    expect(await heads(root)).toEqual([
      `several-heads error shop/migrations/0002_a.py: ${what}`,
      `several-heads error shop/migrations/0002_b.py: ${what}`,
    ])
    commit(root, { 'shop/migrations/0003_merge.py': django('0002_a', '0002_b') })
    expect(await heads(root)).toEqual([])
  })
})

describe("F6: Drizzle's journal", () => {
  type Entry = readonly [tag: string, when: number]
  const journal = (...entries: readonly Entry[]) => ({
    'drizzle/meta/_journal.json': JSON.stringify({
      dialect: 'postgresql',
      entries: entries.map(([tag, when], idx) => ({ idx, when, tag })),
    }),
  })
  const one: Entry = ['0000_one', 1771200000000]
  const two: Entry = ['0001_two', 1771300000000]
  const files = {
    'drizzle/0000_one.sql': 'CREATE TABLE one (id int);\n',
    'drizzle/0001_two.sql': 'CREATE TABLE two (id int);\n',
  }
  const said = async (after: Files, before: Files = journal(one, two)) => {
    const root = repository({ ...files, ...before })
    commit(root, after)
    return found(root)
  }

  test('another time of an applied entry is an edit, and the message says what Drizzle does', async () => {
    const begins =
      'edited-migration error drizzle/0001_two.sql: The journal drizzle/meta/_journal.json gives this migration another time'
    const later = await said(journal(one, ['0001_two', 1780000000000]))
    expect(later).toEqual([expect.stringMatching(/databases that have it run it again\.$/)])
    expect(later[0]?.startsWith(begins.replace('drizzle/meta', '"drizzle/meta').replace('.json', '.json"'))).toBe(true)
    expect(await said(journal(one, ['0001_two', 1771250000000]))).toEqual([
      expect.stringMatching(/^edited-migration error .*skip new migrations up to the old time, and others do not\.$/),
    ])
    expect(await said(journal(['0000_one', 1771200000001], two))).toEqual([
      expect.stringMatching(/^edited-migration error drizzle\/0000_one\.sql: .*runs it again, or never\.$/),
    ])
  })

  test('another order is an edit; another name with the same time is a note', async () => {
    const turned = await said(journal(two, one))
    expect(turned.filter(line => line.startsWith('edited-migration error'))).toHaveLength(1)
    const root = repository({ ...files, ...journal(one, two) })
    git(root, 'mv', 'drizzle/0001_two.sql', 'drizzle/0001_second.sql')
    commit(root, journal(one, ['0001_second', two[1]]))
    expect(await found(root)).toEqual([
      expect.stringMatching(
        /^renamed-migration note .*Drizzle compares the time in its journal, which stayed the same\.$/,
      ),
    ])
    commit(root, journal(one, ['0001_second', two[1] + 1]))
    expect((await found(root)).filter(line => line.startsWith('edited-migration error'))).toHaveLength(1)
  })

  test.each([4070908800000, 1771400000000000, 1e300])('a time in the future is reported: %d', async when => {
    const after = {
      ...journal(one, two, ['0002_three', when]),
      'drizzle/0002_three.sql': 'CREATE TABLE three (id int);\n',
    }
    expect(await said(after)).toEqual([
      expect.stringMatching(
        /^integrity-file-stale error drizzle\/meta\/_journal\.json: .*dates "0002_three" in the future/,
      ),
    ])
  })

  test('a new entry with the time of today is not reported', async () => {
    const after = {
      ...journal(one, two, ['0002_three', Date.now()]),
      'drizzle/0002_three.sql': 'CREATE TABLE three (id int);\n',
    }
    expect(await said(after)).toEqual([])
  })

  test('F17: a new file that no entry lists is an error, an old one is a note', async () => {
    const stray = { 'drizzle/0002_three.sql': 'CREATE TABLE three (id int);\n' }
    expect(await said(stray)).toEqual([
      expect.stringMatching(/^unlisted-migration error drizzle\/0002_three\.sql: .*_journal\.json lists/),
    ])
    expect(await said({ 'drizzle/0003.txt': '' }, { ...journal(one, two), ...stray })).toEqual([
      expect.stringMatching(/^not-a-migration note drizzle\/0002_three\.sql: /),
    ])
  })
})
