import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { controls } from '../../scripts/fuzz/reports.ts'
import { checkout, git, hosted, pullRequest, temporary } from '../action/kit/checkouts.ts'
import { GitHub, token } from '../action/kit/github.ts'
import { builtAction, runStep } from '../action/kit/workflow.ts'
import { commit, lastCommit, write } from '../kit/git.ts'
import { withoutStyling } from '../report/kit/builder.ts'
import { evil } from './kit/embedded.ts'
import { before, change, links } from './kit/everything.ts'
import { secret } from './kit/running.ts'

builtAction()

interface Attack {
  readonly event: string
  /** What the workflow has checked out. */
  readonly at: string
  readonly manyFindings: number
  readonly inputs: Readonly<Record<string, string>>
}

/**
 * Runs the action for a stranger's pull request that does everything at once. Expects that nothing of it runs, is written or shown, and that
 * the step fails. Returns what the step has left, and the files of the pull request.
 */
async function attacked({ event, at, manyFindings, inputs }: Attack) {
  const program = evil()
  const elsewhere = temporary()
  write(elsewhere, { '2.sql': `DROP TABLE ${secret};\n`, mine: 'mine' })
  const made = hosted(before, {})
  const { root } = made
  git(root, 'switch', '-q', 'work')
  const files = change(program, manyFindings)
  write(root, files)
  const linked = links(elsewhere)
  for (const [path, target] of Object.entries(linked)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    symlinkSync(target, join(root, path))
  }
  commit(root)
  const head = lastCommit(root)
  for (const name of ['head', 'merge']) git(root, 'update-ref', `refs/pull/7/${name}`, head)
  git(root, 'switch', '-q', 'main')
  const workspace = checkout(made, at)
  git(workspace, 'config', 'http.extraheader', `AUTHORIZATION: basic ${secret}`)
  const github = await GitHub.start()
  const of = pullRequest({ ...made, head, merge: head }, { fork: true })
  const env = { ...of.env, SOME_SECRET: secret, GITHUB_TOKEN: token }
  const all = { comment: 'always', review: 'true', notes: 'true', ...inputs }
  const ended = await runStep({ workspace, event, ...of, env, api: github.url, token, inputs: all })
  // Empty where nothing was written.
  const written = (name: string | undefined) => (name ? readFileSync(join(workspace, name), 'utf8') : '')
  const { stdout, stderr, summary, outputs } = ended
  const comments = [...github.comments, ...github.lineComments].map(({ body }) => body).join('\n')
  const report = written(outputs['report-file'])
  const texts = { stdout, stderr, summary, comments, report, sarif: written(outputs['sarif-file']) }
  expect(program.ran).toBe('')
  expect([readdirSync(elsewhere).sort(), readFileSync(join(elsewhere, 'mine'), 'utf8')]).toEqual([
    ['2.sql', 'mine'],
    'mine',
  ])
  for (const [name, text] of Object.entries(texts)) {
    const shown = withoutStyling(text)
    const words = [secret, token, 'internal error'].filter(word => shown.includes(word))
    expect([name, words, controls.exec(shown)?.[0]]).toEqual([name, [], undefined])
  }
  expect([ended.code, outputs.conclusion]).toEqual([1, 'error'])
  return { ended, report, comments, brought: [...Object.keys(files), ...Object.keys(linked)] }
}

// On Windows links need a right that users do not have.
describe.skipIf(process.platform === 'win32')('a pull request of a stranger that attacks in every way at once', () => {
  test.each([
    { event: 'pull_request', at: 'refs/pull/7/merge', manyFindings: 120_000 },
    { event: 'pull_request_target', at: 'refs/heads/main', manyFindings: 100 },
  ])('each of its migrations is judged, or counted as unread: $event', { timeout: 600_000 }, async attack => {
    const inputs = { 'report-file': 'out/report.json', 'sarif-file': 'out/report.sarif' }
    const { ended, report, comments, brought } = await attacked({ ...attack, inputs })
    const { findings, unread } = JSON.parse(report) as {
      readonly findings: readonly { readonly path: string; readonly rule: string }[]
      readonly unread: readonly { readonly path: string }[]
    }
    expect(findings.filter(({ path }) => path === 'db/34_many.sql').length).toBeGreaterThan(attack.manyFindings - 1)
    expect(findings).toContainEqual(expect.objectContaining({ path: 'db/2_index.sql', rule: 'blocking-index-build' }))
    expect(comments).toContain('changes the configuration')
    expect(ended.outputs['config-changed']).toBe('true')
    const named = new Set([...findings, ...unread].map(({ path }) => path))
    const migrations = brought.filter(path => /\.(?:sql|xml)$|\/(?:versions|migrations)\//.test(path))
    // One of them is as it was before, and where a link leads into .git, that place is named.
    const others = migrations.filter(path => !named.has(path) && path !== 'db/1_orders.sql')
    expect(migrations.length).toBeGreaterThan(40)
    expect(others.filter(path => !ended.stdout.includes(`${path} could not be read: `))).toEqual([])
    expect(Number(ended.outputs['unread-count'])).toBeGreaterThan(20)
  })

  test('its links in place of the reports are not followed', { timeout: 600_000 }, async () => {
    const inputs = { 'report-file': 'out/report.html', 'sarif-file': 'out/deep/report.sarif' }
    const attack = { event: 'pull_request_target', at: 'refs/pull/7/merge', manyFindings: 100, inputs }
    const { ended } = await attacked(attack)
    expect(ended.stdout).toMatch(/Cannot write .*out\/report\.html: /)
    // No later step uploads what the stranger has put there.
    expect([ended.outputs['report-file'], ended.outputs['sarif-file']]).toEqual(['', ''])
  })
})
