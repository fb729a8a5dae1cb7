import { expect, test } from 'vitest'
import { checkout, hosted, pullRequest } from './kit/checkouts.ts'
import { builtAction, runStep } from './kit/workflow.ts'

builtAction()

test('a migration in code is read by the grammars beside the action', async () => {
  const made = hosted(
    { 'package.json': '{"dependencies":{"typeorm":"^0.3.0","pg":"8"}}' },
    {
      'migrations/1700000000001-A.ts':
        'export class A1700000000001 implements MigrationInterface {\n' +
        '  async up(queryRunner: QueryRunner) {\n    await queryRunner.query(`DROP TABLE orders`)\n  }\n}\n',
    },
  )
  const ended = await runStep({
    workspace: checkout(made, 'refs/pull/7/merge'),
    event: 'pull_request',
    ...pullRequest(made),
    inputs: { paths: 'migrations', comment: 'never' },
  })
  expect(ended.stdout).toContain('drop-table')
  expect(ended.stdout).toMatch(/file=migrations\/1700000000001-A\.ts,line=3/)
})
