import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WorkingTree } from '../../src/node/disk/working-tree.ts'
import { type Server, startServer } from '../postgres/servers/server.ts'
import { type Expectation, expectationOf, sameWords } from './kit/expected.ts'
import { type Sent, startProxy } from './kit/proxy.ts'
import { missing, projectFor, run, type Tool, tools } from './kit/tools.ts'

// Each tool migrates a new database through a proxy that records its messages. The adapter and the model must predict these messages for the
// same project: order, texts, transactions, and the error at which it stops.

let server: Server
beforeAll(async () => {
  server = await startServer(17)
})
afterAll(() => server.stop())

const reasons = tools.map(tool => ({ tool, why: missing(tool) }))
for (const { tool, why } of reasons) if (why !== null) console.warn(`${tool.system} is not compared: ${why}.`)
const here = reasons.flatMap(({ tool, why }) => (why === null ? [tool] : []))

describe.each(here.map(tool => [tool.system, tool] as const))('%s', (_, tool) => {
  test('sends the messages of its adapter, and stops where the model says', () => compare(tool, {}))
  if (tool.repaired)
    test('sends the messages of its adapter to the last migration', () => compare(tool, tool.repaired ?? {}))
})

async function compare(tool: Tool, changes: NonNullable<Tool['repaired']>): Promise<void> {
  const project = projectFor(tool, changes)
  const proxy = await startProxy(server.port)
  const admin = await server.connect()
  try {
    await admin.query('DROP DATABASE IF EXISTS shop WITH (FORCE)')
    await admin.query('CREATE DATABASE shop')
    const expectation = await expectationOf(new WorkingTree(project.directory), tool.system)
    const url = `postgres://postgres:none@127.0.0.1:${proxy.port}/shop?sslmode=disable`
    const { code, output } = await run(tool, project.directory, url)
    expect(expectation.messages.length).toBeGreaterThan(1)
    const fails = expectation.messages.at(-1)?.error ?? null
    const migrations = migrationsIn(proxy.sent, expectation, tool)
    const told = migrations.map(({ place, inTransaction, error }) => line(place, inTransaction, error))
    expect(told, output).toEqual(expectation.messages.map(shown))
    expect(sharing(migrations), output).toEqual(sharing(expectation.messages))
    expect(forbidden(proxy.sent, expectation), output).toEqual([])
    expect(code === 0, output).toBe(fails === null)
  } finally {
    await admin.end()
    await proxy.stop()
    project.remove()
  }
}

function shown({ place, transaction, error }: Expectation['messages'][number]): string {
  return line(place, transaction !== null, error)
}

function line(place: string, inTransaction: boolean, error: string | null): string {
  return `${place} ${inTransaction ? 'in a transaction' : 'in no transaction'}${error === null ? '' : `, fails with ${error}`}`
}

/** The recorded messages that belong to migrations. */
function migrationsIn(sent: readonly Sent[], { messages }: Expectation, tool: Tool) {
  const { fillIn = text => text, bookkeeping, ownConnection } = tool
  const isOwn = ({ texts }: Sent) => texts.some(text => ownConnection?.test(text))
  const own = new Set(sent.filter(isOwn).map(({ connection }) => connection))
  // Texts that several files have in common (BEGIN, COMMIT) are distinguished by their order.
  const places = new Map<string, Expectation['messages'][number][]>()
  for (const message of messages) {
    const text = sameWords(fillIn(message.text))
    places.set(text, [...(places.get(text) ?? []), message])
  }
  return sent.flatMap(({ connection, texts, inTransaction, transaction, error }) => {
    if (own.has(connection)) return []
    const written = bookkeeping ? texts.filter(text => !bookkeeping.test(text)) : texts
    const alike = places.get(sameWords(written.join(';')))
    const message = alike && alike.length > 1 ? alike.shift() : alike?.[0]
    return message ? [{ ...message, inTransaction, transaction, error }] : []
  })
}

/** Whether each message shares a transaction with the next one. */
function sharing(messages: readonly { readonly place: string; readonly transaction: number | null }[]): string[] {
  return neighbours(messages).map(
    ([a, b]) =>
      `${b.place} ${a.transaction !== null && a.transaction === b.transaction ? 'in the same' : 'not in the same'}`,
  )
}

function neighbours<T>(all: readonly T[]): [T, T][] {
  return all.slice(1).map((b, i) => [all[i] as T, b])
}

/** Texts that must not be sent, but were. */
function forbidden(sent: readonly Sent[], { never, messages }: Expectation): string[] {
  const allowed = new Set(messages.map(message => sameWords(message.text)))
  const words = new Set(sent.flatMap(({ texts }) => texts.map(sameWords)))
  return never.filter(text => sameWords(text) !== '' && !allowed.has(sameWords(text)) && words.has(sameWords(text)))
}
