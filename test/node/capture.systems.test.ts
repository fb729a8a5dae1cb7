import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runCommand } from '../../src/node/capture/command.ts'
import { environmentFor } from '../../src/node/capture/environment.ts'
import { startProxy } from '../../src/node/capture/proxy.ts'
import type { Sent } from '../../src/node/capture/recorded.ts'
import { startLocal } from '../../src/node/server/local-server.ts'
import { validated } from '../kit/report-schema.ts'
import { capturedTools, packages } from './kit/capture-tools.ts'
import type { CapturedTool } from './kit/captured-tool.ts'
import { type LoggedServer, loggingServer } from './kit/logging-server.ts'
import { migrateLint, project } from './kit/program.ts'

// The tools themselves, as their users start them.

interface Checked {
  readonly summary: Readonly<Record<'captured' | 'compared' | 'different' | 'notSent', number>>
  readonly migrations: readonly { readonly name: string | null; readonly unread: number }[]
}

const reasons = capturedTools.map(tool => ({ tool, why: tool.missing() }))
for (const { tool, why } of reasons) if (why !== null) console.warn(`${tool.name} is not captured: ${why}.`)
const here = reasons.flatMap(({ tool, why }) => (why === null ? [tool] : []))

function projectOf({ files }: CapturedTool): string {
  const cwd = project(files)
  symlinkSync(packages, join(cwd, 'node_modules'))
  return cwd
}

describe.each(here.map(tool => [tool.name, tool] as const))('%s', (_, tool) => {
  test('sends to PGlite what is read in its files', async () => {
    const command = tool.command()
    const { code, stdout, stderr } = await migrateLint(['capture', '--check', '-f', 'json', '--', ...command], {
      cwd: projectOf(tool),
      env: tool.environment?.() ?? {},
    })
    expect(stdout, stderr).not.toBe('')
    const { migrations, summary } = validated<Checked>(stdout, 'captureCheck')
    expect(
      migrations.map(({ name }) => name),
      stderr,
    ).toEqual(tool.recorded)
    const { length } = tool.recorded
    expect([code, summary], stdout + stderr).toEqual([
      0,
      { captured: length, compared: length, different: 0, notSent: 0 },
    ])
  })

  test('is recorded as the server has logged it, statement by statement', async () => {
    const logging = loggingServer()
    onTestFinished(logging.remove)
    const sent = await sentBy(tool, logging)
    const logged = logging.logged()
    expect(sent.length).toBeGreaterThan(tool.recorded.length)
    // The server has its own numbers of connections.
    const ids = [...new Set(logged.map(({ connection }) => connection))]
    const numbered = logged.map(each => ({ ...each, connection: ids.indexOf(each.connection) + 1 }))
    const byConnection = <Text extends { readonly connection: number }>(all: readonly Text[]) =>
      all.toSorted((a, b) => a.connection - b.connection)
    const comparable = <Text extends Pick<Sent, 'text' | 'connection' | 'parameters'>>(all: readonly Text[]) =>
      byConnection(all).map(({ connection, text, parameters }) => [
        connection,
        text.trim(),
        ...parameters.map(value => plainly(value)),
      ])
    expect(comparable(sent)).toEqual(comparable(numbered))
  })
})

/** The server prints values of all types in its own way; names and numbers are as they were sent. */
function plainly(value: string | null): string {
  if (value === null || /^(?:t|f|true|false|\d{4}-\d\d-\d\d[T ].*)$/i.test(value)) return 'NULL, a boolean, or a time'
  return value.replaceAll('"', '')
}

/** What the command of a tool has sent to a server, as the proxy has recorded it. */
async function sentBy(tool: CapturedTool, { folder }: LoggedServer): Promise<readonly Sent[]> {
  const before = process.cwd()
  const server = await startLocal({ folder, superuser: false, seconds: 60 })
  try {
    const proxy = await startProxy(server)
    try {
      process.chdir(projectOf(tool))
      const environment = { ...tool.environment?.(), ...environmentFor(proxy.port, server.login) }
      expect(await runCommand(tool.command(), environment, 60)).toBe(0)
      return proxy.sent
    } finally {
      process.chdir(before)
      await proxy.stop()
    }
  } finally {
    await server.stop()
  }
}
