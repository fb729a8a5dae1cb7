import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrateLint } from '../node/kit/program.ts'
import { type Server, startServer } from '../postgres/servers/server.ts'
import { type Case, cases, type Files } from './kit/status-cases.ts'
import { missing, projectFor, run, type Tool, tools } from './kit/tools.ts'

// Each tool migrates a database of its own. Then `migrate-lint status` must find everything applied and nothing edited, and report later
// changes of the files. When the tool runs again, it must do what the status says.

let server: Server
beforeAll(async () => {
  server = await startServer(17)
})
afterAll(() => server.stop())

const here = tools.filter(tool => missing(tool) === null && cases[tool.system])

describe.each(here.map(tool => [tool.system, tool, cases[tool.system] as Case] as const))('%s', (_, tool, each) => {
  test('all applied, nothing edited', () =>
    migrated(tool, {}, async ({ status }) => {
      const { code, whole, project } = await status()
      expect(whole.summary).toMatchObject({ edited: 0, pending: 0, missing: 0, failed: 0, problems: 0 })
      expect(project.table).not.toBeNull()
      expect(project.applied.length).toBeGreaterThan(2)
      expect(project.applied.some(({ compared }) => compared)).toBe(each.edited.told)
      expect(code).toBe(0)
    }))

  test('an edit', () =>
    migrated(tool, {}, async ({ status, append, again }) => {
      append(each.edited.path, '\nSELECT 42;\n')
      const { code, project } = await status()
      const told = project.edited.map(({ path, difference, appliedText }) => ({
        path,
        difference,
        found: !!appliedText,
      }))
      expect(told).toEqual(each.edited.told ? [{ path: each.edited.path, difference: 'statements', found: true }] : [])
      expect(code).toBe(each.edited.told ? 1 : 0)
      await again(project.edited)
    }))

  test('a new migration', () =>
    migrated(tool, each.added.files, async ({ status, again }) => {
      const { code, project } = await status()
      expect(project.pending).toMatchObject([{ path: each.added.path, outOfOrder: null, again: false }])
      expect(project.edited).toEqual([])
      expect(code).toBe(0)
      expect((await status('--fail-on-pending')).code).toBe(1)
      await again([])
      expect((await status('--fail-on-pending')).code).toBe(0)
    }))

  test('a missing migration', () =>
    migrated(tool, each.removed.files, async ({ status, again }) => {
      const { code, project } = await status()
      expect(project.missing.map(({ id }) => id)).toEqual([each.removed.id])
      expect(code).toBe(1)
      await again(project.missing)
    }))

  test('a migration out of order', () =>
    migrated(tool, each.late.files, async ({ status, again }) => {
      const { code, project } = await status()
      expect(project.pending.map(({ path }) => path)).toEqual([each.late.path])
      const outcomes = project.pending.flatMap(({ outOfOrder }) => outOfOrder ?? [])
      expect(code).toBe(outcomes.some(({ severity }) => severity === 'error') ? 1 : 0)
      await again(outcomes)
    }))
})

interface Outcome {
  readonly severity: string
  readonly consequence: string
}

interface Project {
  readonly table: string | null
  readonly applied: readonly { readonly compared: boolean }[]
  readonly edited: readonly (Outcome & { path: string; difference: string; appliedText: unknown })[]
  readonly pending: readonly { readonly path: string; readonly outOfOrder: Outcome | null; readonly again: boolean }[]
  readonly missing: readonly (Outcome & { readonly id: string })[]
}

interface Migrated {
  status(...flags: string[]): Promise<{ code: number | null; whole: { summary: unknown }; project: Project }>
  append(path: string, text: string): void
  /** Runs the tool again: it must stop if the status says so, and succeed otherwise. */
  again(outcomes: readonly Outcome[]): Promise<void>
}

/** A project that the tool has applied and git has committed, with these later changes of its files. */
async function migrated(
  tool: Tool,
  changes: Files | ((read: (path: string) => string) => Files),
  look: (migrated: Migrated) => Promise<void>,
): Promise<void> {
  const project = projectFor(tool, tool.repaired ?? {})
  const at = (path: string) => join(project.directory, path)
  const admin = await server.connect()
  try {
    await admin.query('DROP DATABASE IF EXISTS shop WITH (FORCE)')
    await admin.query('CREATE DATABASE shop')
    const url = `postgres://postgres:none@127.0.0.1:${server.port}/shop?sslmode=disable`
    writeFileSync(at('.gitignore'), 'node_modules\n')
    const git = (...args: string[]) => execFileSync('git', args, { cwd: project.directory, stdio: 'ignore' })
    git('init')
    git('add', '.')
    git('-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false', 'commit', '-m', 'applied')
    const first = await run(tool, project.directory, url)
    expect(first.code, first.output).toBe(0)
    const files = typeof changes === 'function' ? changes(path => readFileSync(at(path), 'utf8')) : changes
    for (const [path, text] of Object.entries(files)) {
      if (text === null) rmSync(at(path))
      else writeFileSync(at(path), text)
    }
    await look({
      append: (path, text) => appendFileSync(at(path), text),
      status: async (...flags) => {
        const args = ['status', '--database-url', url, '--format', 'json', ...flags]
        const { code, stdout, stderr } = await migrateLint(args, { cwd: project.directory })
        expect(stdout, stderr).not.toBe('')
        const whole = JSON.parse(stdout) as { summary: unknown; projects: Project[] }
        return { code, whole, project: whole.projects[0] as Project }
      },
      again: async outcomes => {
        const said = outcomes
          .map(({ consequence }) => consequence)
          .filter(text => /\b(stops|refuses)\b(?! to run it on new databases)/.test(text))
        const { code, output } = await run(tool, project.directory, url)
        expect(code !== 0, `${said.join('; ')}\n${output}`).toBe(said.length > 0)
      },
    })
  } finally {
    await admin.end()
    project.remove()
  }
}
