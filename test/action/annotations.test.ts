import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkout, hosted, pullRequest } from './kit/checkouts.ts'
import { bad, before, opened, withInputs } from './kit/pull-request.ts'
import { builtAction, runStep } from './kit/workflow.ts'

builtAction()

describe('annotations', () => {
  test('show nine of each level and count the rest, those on added lines first (GA-20, GA-21, GA-28)', async () => {
    const many = (from: number) => Array.from({ length: 8 }, (_, i) => `DROP TABLE t${from + i};\n`).join('')
    const made = hosted(
      { ...before, 'db/2_old.sql': many(0) },
      { 'db/2_old.sql': `${many(0)}SELECT 1;\n`, 'db/3_new.sql': many(10) },
    )
    const workspace = checkout(made, 'refs/pull/7/merge')
    const ended = await runStep({ workspace, event: 'pull_request', ...pullRequest(made), inputs: { paths: 'db' } })
    const files = ended.annotations.map(line => line.replace(/:.*/, ''))
    // In the old file, only the added line.
    expect(files.slice(0, 9)).toEqual(['error db/2_old.sql', ...Array(8).fill('error db/3_new.sql')])
    expect(ended.annotations[0]).toBe('error db/2_old.sql:9 edited-migration')
    expect(files).toHaveLength(10)
    expect(ended.annotations.at(-1)).toBe(
      'error 17 errors in 2 of 2 migrations; 8 more errors in the summary of the job.',
    )
    // All of them are in the log, folded away, and in the summary.
    for (const text of [ended.stdout, ended.summary])
      expect(text.match(/drop-table/g)?.length).toBeGreaterThanOrEqual(16)
    expect(ended.commands.map(({ name }) => name)).toContain('group')
  })

  test('name files from the root of the repository, whatever the working directory (GA-23)', async () => {
    const made = hosted(
      { 'apps/shop/db/1.sql': before['db/1_orders.sql'] },
      { 'apps/shop/db/2.sql': bad['db/2_index.sql'] },
    )
    const workspace = checkout(made, 'refs/pull/7/merge')
    const inputs = {
      'working-directory': 'apps/shop',
      paths: 'db',
      'sarif-file': 'out/report.sarif',
      'report-file': 'out/report.html',
    }
    const ended = await runStep({ workspace, event: 'pull_request', ...pullRequest(made), inputs })
    expect(ended.annotations[0]).toBe('error apps/shop/db/2.sql:1 blocking-index-build')
    expect([ended.outputs['sarif-file'], ended.outputs['report-file']]).toEqual(['out/report.sarif', 'out/report.html'])
  })

  test('name the targets of links, because these change (GA-23)', async () => {
    const made = hosted({ 'database/1.sql': before['db/1_orders.sql'] }, { 'database/2.sql': bad['db/2_index.sql'] })
    const workspace = checkout(made, 'refs/pull/7/merge')
    symlinkSync('database', join(workspace, 'db'))
    const ended = await runStep({ workspace, event: 'pull_request', ...pullRequest(made), inputs: { paths: 'db' } })
    expect(ended.annotations).toEqual(['error database/2.sql:1 blocking-index-build', 'error 1 error in 1 migration.'])
  })

  test('and summary can be left out; a runner without summaries causes no error (GA-32)', async () => {
    const { step } = await opened(bad)
    const ended = await runStep(withInputs(step, { annotations: 'false', summary: 'false', comment: 'never' }))
    expect([ended.annotations, ended.summary]).toEqual([['error 1 error in 1 migration.'], ''])
    const without = await runStep({ ...withInputs(step, { comment: 'never' }), hasSummary: false })
    expect(without.outputs.conclusion).toBe('fail')
  })

  test('of notes are made on request', async () => {
    const { step } = await opened({ 'db/2_note.sql': 'ALTER TABLE orders ADD COLUMN age int;\n' })
    const quiet = await runStep(withInputs(step, { comment: 'never' }))
    expect(quiet.annotations).toEqual([])
    const noted = await runStep(withInputs(step, { comment: 'never', notes: 'true' }))
    expect(noted.annotations).toEqual(['notice db/2_note.sql:1 missing-lock-timeout'])
    const failing = await runStep(withInputs(step, { comment: 'never', 'fail-on': 'note' }))
    expect([failing.code, failing.annotations.length]).toEqual([1, 2])
  })
})
