import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkout, git, hosted, pullRequest } from '../action/kit/checkouts.ts'
import { builtAction, runStep } from '../action/kit/workflow.ts'
import { commit, lastCommit, repository } from '../kit/git.ts'
import { hostileRun } from './kit/running.ts'

const table = { 'db/1.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY);\n' }
const drop = 'DROP TABLE orders;\n'
const tooLarge = 'could not be read: it is larger than 64 MiB, the most that is read at once'

/** A file of nothing but zeros: a few hundred kilobytes once git has packed it, and as large as one likes when it is read. */
function put(root: string, path: string, megabytes: number): void {
  writeFileSync(join(root, path), '')
  truncateSync(join(root, path), megabytes * 1024 ** 2)
}

describe('a blob of git that is larger than any migration', () => {
  test('is not read from the index: this is reported, and the others are linted', async () => {
    const root = repository(table)
    put(root, 'db/2.sql', 65)
    writeFileSync(join(root, 'db/3.sql'), drop)
    git(root, 'add', '-A')
    // What is on disk is another file now, so that git has to be asked.
    writeFileSync(join(root, 'db/2.sql'), 'SELECT 1;\n')
    const { code, stdout, stderr } = await hostileRun(['db', '--staged'], root)
    expect([code, stderr]).toEqual([2, `migrate-lint: db/2.sql ${tooLarge}\n`])
    expect(stdout).toContain('drop-table')
  })

  test('is not read from the past, either', async () => {
    const root = repository(table)
    put(root, 'db/2.sql', 65)
    commit(root)
    writeFileSync(join(root, 'db/2.sql'), 'SELECT 1;\n')
    const compared = await hostileRun(['db', '--since', 'HEAD'], root)
    expect([compared.code, compared.stderr]).toEqual([
      2,
      `migrate-lint: Applied migrations were not compared: db/2.sql, as it was, ${tooLarge}. Migrations of which git does not know whether they changed are linted as well.\n`,
    ])
    commit(root)
    const past = await hostileRun(['history', '--audit', 'db'], root)
    expect([past.code, past.stderr]).toEqual([
      2,
      `migrate-lint: The past cannot be read: db/2.sql, as it was, ${tooLarge}.\n`,
    ])
  })

  test('leads nowhere if it is a link', async () => {
    const root = repository(table)
    put(root, 'target', 65)
    const blob = git(root, 'hash-object', '-w', 'target')
    git(root, 'update-index', '--add', '--cacheinfo', `120000,${blob},db/2.sql`)
    const { code, stderr } = await hostileRun(['db', '--staged'], root)
    expect([code, stderr]).toEqual([2, 'migrate-lint: db/2.sql could not be read: no such file or directory\n'])
  })

  builtAction()

  test('fails the step of a pull request', async () => {
    const made = hosted(table, { 'db/3.sql': drop })
    git(made.root, 'switch', '-q', 'work')
    put(made.root, 'db/2.sql', 65)
    commit(made.root)
    const head = lastCommit(made.root)
    git(made.root, 'update-ref', 'refs/pull/7/head', head)
    git(made.root, 'update-ref', 'refs/pull/7/merge', head)
    const workspace = checkout(made, 'refs/heads/main')
    const given = pullRequest({ ...made, head, merge: head }, { fork: true })
    const ended = await runStep({
      workspace,
      event: 'pull_request_target',
      ...given,
      inputs: { paths: 'db', comment: 'never' },
    })
    expect(ended.outputs.conclusion).toBe('error')
    expect(ended.stdout).toContain(`db/2.sql ${tooLarge}`)
    expect(ended.annotations).toContainEqual(expect.stringContaining('drop-table'))
  })
})
