import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkout, hosted, pullRequest } from './kit/checkouts.ts'
import { GitHub, token } from './kit/github.ts'
import { builtAction, runStep } from './kit/workflow.ts'

builtAction()

const before = { 'db/1_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, email text);\n' }

describe('what a stranger writes', () => {
  // What means something to the runner, to GitHub's Markdown, to HTML.
  const acts = [
    '::error file=x::injected',
    '##[error]injected',
    '##[add-mask]e',
    '::stop-commands::x',
    '::set-output name=conclusion::pass',
    '%0A::error::injected',
    '```\n</details><script>alert(1)</script>',
    '@acme/everyone #1 <img src=x onerror=alert(1)>',
    '<!-- migrate-lint:report key=default v=1 -->',
  ]
  const files = {
    ...Object.fromEntries(
      acts.map((text, i) => [
        `db/2_${i}.sql`,
        `/*\n${text}\n*/ DROP TABLE "${text.replaceAll('"', '').slice(0, 60)}"; --\n${text}\n`,
      ]),
    ),
    'db/3_\n::error::injected.sql': 'DROP TABLE a;\n',
    'db/4_##[error]injected.sql': 'DROP TABLE b;\n',
    'db/5_$(touch pwned);`touch pwned`.sql': 'DROP TABLE c;\n',
  }

  test('gives the runner no commands, and GitHub no markup and no mentions (GA-04, GA-46)', async () => {
    const made = hosted(before, files)
    const github = await GitHub.start()
    const workspace = checkout(made, 'refs/pull/7/merge')
    const inputs = { paths: 'db', review: 'true', notes: 'true', 'report-file': 'report.html', 'sarif-file': 'a.sarif' }
    const step = {
      workspace,
      event: 'pull_request',
      ...pullRequest(made, { fork: true }),
      api: github.url,
      token,
      inputs,
    }
    const ended = await runStep(step)
    expect(new Set(ended.commands.map(({ name }) => name))).toEqual(
      new Set(['debug', 'group', 'endgroup', 'error', 'notice']),
    )
    for (const { properties, message } of ended.commands) {
      if (properties.file !== undefined) expect(properties.file).toMatch(/^db\//)
      else expect(message).not.toMatch(/^injected/)
    }
    expect(ended.outputs.conclusion).toBe('fail')
    expect(existsSync(join(workspace, 'pwned'))).toBe(false)
    const texts = [...github.comments, ...github.lineComments].map(({ body }) => body)
    expect(texts.length).toBeGreaterThan(5)
    for (const text of [...texts, ended.summary]) {
      // Outside of code blocks, whose fences are longer than any in the text.
      const outside = text.replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '').replace(/^<!-- migrate-lint:[^>]*-->$/gm, '')
      expect(outside).not.toMatch(/@acme|<script|<img|<!--|(?<!&)#1\b/)
    }
  })
})

describe('a configuration that is code', () => {
  const code = {
    'migrate-lint.config.mjs': "import { writeFileSync } from 'node:fs'\nwriteFileSync('ran', '')\nexport default {}\n",
  }
  const change = { 'db/2_drop.sql': 'DROP TABLE orders;\n' }

  test('of a fork is not run, and the message says so', async () => {
    const made = hosted(before, { ...change, ...code })
    const workspace = checkout(made, 'refs/pull/7/merge')
    const step = { workspace, event: 'pull_request', ...pullRequest(made, { fork: true }) }
    const inputs = { paths: 'db', comment: 'never' }
    const ended = await runStep({ ...step, inputs })
    expect(ended.annotations[0]).toBe(
      'warning Pull request #7 changes the configuration: migrate-lint.config.mjs. A stranger may have done that, so the configuration of ' +
        'origin/main is used. The input "allow-head-config: true" lets the change decide.',
    )
    expect([existsSync(join(workspace, 'ran')), ended.outputs.conclusion]).toEqual([false, 'fail'])
    const configured = await runStep({ ...step, inputs: { ...inputs, 'allow-head-config': 'true' } })
    expect(configured.annotations).toEqual([
      'error migrate-lint.config.mjs is code that a stranger may have written, so it was not run. ' +
        'Write the configuration as migrate-lint.config.jsonc, or allow it with the input "allow-code: true".',
    ])
    expect([existsSync(join(workspace, 'ran')), configured.outputs.conclusion]).toEqual([false, 'error'])
    const allowed = await runStep({ ...step, inputs: { ...inputs, 'allow-code': 'true' } })
    expect([existsSync(join(workspace, 'ran')), allowed.outputs.conclusion]).toEqual([true, 'fail'])
  })

  test('is not run after pull_request_target either, no matter who wrote it', async () => {
    const made = hosted({ ...before, ...code }, change)
    const workspace = checkout(made, 'refs/heads/main')
    const ended = await runStep({ workspace, event: 'pull_request_target', ...pullRequest(made, { fork: true }) })
    expect([existsSync(join(workspace, 'ran')), ended.outputs.conclusion]).toEqual([false, 'error'])
  })

  test('of those who may write to the repository is run', async () => {
    const made = hosted(before, { ...change, ...code })
    const workspace = checkout(made, 'refs/pull/7/merge')
    const step = { workspace, event: 'pull_request', ...pullRequest(made), inputs: { paths: 'db', comment: 'never' } }
    expect((await runStep(step)).outputs.conclusion).toBe('fail')
    expect(existsSync(join(workspace, 'ran'))).toBe(true)
  })
})

test('migrations that are code are never run', async () => {
  const migration = "require('fs').writeFileSync('ran', '')\nexports.up = knex => knex.raw('DROP TABLE orders')\n"
  const made = hosted(
    {
      'package.json': '{ "dependencies": { "knex": "3" } }',
      'knexfile.js': "require('fs').writeFileSync('ran', '')\n",
    },
    { 'migrations/20250101000000_a.js': migration },
  )
  const workspace = checkout(made, 'refs/pull/7/merge')
  await runStep({ workspace, event: 'pull_request', ...pullRequest(made), inputs: { comment: 'never' } })
  expect(existsSync(join(workspace, 'ran'))).toBe(false)
})

describe('a file that names the version of the server', () => {
  const named = (version: number) => ({ 'compose.yaml': `services:\n  db:\n    image: postgres:${version}\n` })
  const newer = { 'db/2.sql': 'ALTER TABLE orders ADD COLUMN b bigint GENERATED ALWAYS AS (id) VIRTUAL;\n' }
  const inputs = { paths: 'db', comment: 'never' }

  test('of the base counts after a pull request of a stranger, like the configuration', async () => {
    const made = hosted({ ...before, ...named(14) }, { ...newer, ...named(18) })
    const workspace = checkout(made, 'refs/pull/7/merge')
    const step = { workspace, event: 'pull_request', inputs }
    const stranger = await runStep({ ...step, ...pullRequest(made, { fork: true }) })
    expect(stranger.outputs.conclusion).toBe('fail')
    expect(stranger.summary).toContain('PostgreSQL 14 (compose.yaml:3)')
    const member = await runStep({ ...step, ...pullRequest(made) })
    expect(member.outputs.conclusion).toBe('pass')
    expect(member.summary).toContain('PostgreSQL 18 (compose.yaml:3)')
  })
})
