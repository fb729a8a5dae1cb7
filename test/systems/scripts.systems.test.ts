import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WorkingTree } from '../../src/node/disk/working-tree.ts'
import { projectsOf } from '../../src/systems/discover.ts'
import { inputsOf } from '../../src/systems/inputs.ts'
import { withParsers } from '../../src/systems/reading/on-demand.ts'
import { type Server, startServer } from '../postgres/servers/server.ts'
import { fatesByModel, fatesInDatabase, numbered } from './kit/fates.ts'
import { startProxy } from './kit/proxy.ts'
import { layouts, scripts, tables } from './kit/scripts.ts'
import { missing, run, scriptTools } from './kit/tools.ts'

// The real tools run scripts that begin and end transactions themselves. The fate of each statement (refused, committed, undone, never run,
// and in which transaction) is compared with the model, and so is whether the tool stops.

let server: Server
beforeAll(async () => {
  server = await startServer(17)
})
afterAll(() => server.stop())

/** The inputs of the only project in a folder. */
async function inputsIn(directory: string, system: string) {
  const tree = new WorkingTree(directory)
  const { projects } = await withParsers(() => projectsOf(tree, { transaction: () => 'unknown' }))
  const [project, ...others] = projects
  if (project?.system.id !== system || others.length > 0) throw new Error(`no ${system} project in ${directory}`)
  return inputsOf(project, tree)
}

function isOfScript(texts: readonly string[]): boolean {
  return texts.some(text =>
    scripts.some(({ migrations }) => migrations.flat().some(each => text.includes(each.replace(/;$/, '')))),
  )
}

const here = scriptTools.filter(tool => tool.system in layouts && missing(tool) === null)

describe.each(here.map(tool => [tool.system, tool] as const))('%s', (system, tool) => {
  test.each(scripts.map(script => [script.name, script] as const))('%s', async (_, { migrations, mayBeOpen }) => {
    const directory = mkdtempSync(join(tmpdir(), 'script-'))
    const admin = await server.connect()
    const proxy = await startProxy(server.port)
    try {
      for (const [path, text] of Object.entries(layouts[system]?.(migrations) ?? {})) {
        mkdirSync(dirname(join(directory, path)), { recursive: true })
        writeFileSync(join(directory, path), text)
      }
      const { each, stoppedBy, stoppedByOwnCommit, isLeftOpen } = await fatesByModel(await inputsIn(directory, system))
      symlinkSync(fileURLToPath(new URL('tools/node_modules', import.meta.url)), join(directory, 'node_modules'))
      await admin.query('DROP DATABASE IF EXISTS shop WITH (FORCE)')
      await admin.query('CREATE DATABASE shop')
      const shop = await server.connect('shop')
      try {
        for (const name of tables) await shop.query(`CREATE SEQUENCE ran_${name}`)
        const url = `postgres://postgres:none@127.0.0.1:${proxy.port}/shop?sslmode=disable`
        const { code, output } = await run(tool, directory, url)
        const found = await fatesInDatabase(shop)
        const told = Object.entries(each).flatMap(([name, fate]) => (fate === null ? [] : [[name, fate] as const]))
        const seen = Object.fromEntries(told.map(([name]) => [name, found[name] ?? '']))
        expect(numbered(seen), output).toEqual(numbered(Object.fromEntries(told)))
        expect(told.length, 'something is reported').toBeGreaterThan(0)
        if (isLeftOpen || told.length < Object.keys(each).length) {
          expect(mayBeOpen, 'only these scripts may be left open').toBe(true)
          return
        }
        expect(code === 0, output).toBe(stoppedBy === null && !stoppedByOwnCommit)
        // The server refused exactly the statements that the model says it refuses.
        const refused = proxy.sent.flatMap(({ error, texts }) => (error !== null && isOfScript(texts) ? [error] : []))
        expect(refused, output).toEqual(stoppedBy === null ? [] : [stoppedBy])
      } finally {
        await shop.end()
      }
    } finally {
      await admin.end()
      await proxy.stop()
      rmSync(directory, { recursive: true, force: true })
    }
  })
})
