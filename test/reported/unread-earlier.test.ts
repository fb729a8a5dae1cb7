import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { completeConfig, type Migration, steps } from '../../src/index.ts'
import { serverIn } from '../../src/lint/server.ts'
import { WorkingTree } from '../../src/node/disk/working-tree.ts'
import { loadParser } from '../../src/parse/instance.ts'
import { parse } from '../../src/parse/parse.ts'
import { projectsOf } from '../../src/systems/discover.ts'
import { inputsOf } from '../../src/systems/inputs.ts'
import { withParsers } from '../../src/systems/reading/on-demand.ts'
import { configOf, fileOf, isAboutThePast, migrationsOf, pages } from '../rules/kit/examples.ts'
import { type Difference, differences, notesOfUnknown, reasons } from './kit/hidden.ts'
import { history, runs } from './kit/histories.ts'

const alone = { inTransaction: false, singleMessage: false, spansFiles: false }
const patience = { timeout: 3_600_000 }

/** A migration for each statement, so that each can be hidden by itself. */
function apart(migration: Migration): Migration[] {
  const { path, content, kind = 'sql' } = migration
  if (kind !== 'sql' || 'parts' in migration || typeof content !== 'string') return [migration]
  const { statements } = parse({ path, text: content }, [{ span: [0, content.length] }])
  if (statements.length < 2 || statements.some(each => each.kind === 'TransactionStmt')) return [migration]
  const ends = [...statements.slice(1).map(({ span }) => span[0]), content.length]
  return ends.map((end, i) => {
    const text = content.slice(ends[i - 1] ?? 0, end)
    return { ...migration, path: path.replace(/(\.\w+)?$/, `_${String(i).padStart(3, '0')}$1`), content: text }
  })
}

function wrong(all: readonly Difference[]): string[] {
  return [...new Set(all.filter(({ because }) => because === null).map(({ how, text }) => `${how}: ${text}`))]
}

describe('kind 1: an earlier migration that cannot be read, or a history that begins later, hides no danger and makes no failure certain', () => {
  test('in generated histories', patience, async () => {
    await fc.assert(
      fc.asyncProperty(history(24), fc.nat({ max: 20 }), async (all, at) => {
        // A history contains only statements that ran: those that fail on the model are left out.
        const ran: Migration[] = []
        for (const content of all) {
          const next = [...ran, { path: `${String(ran.length).padStart(3, '0')}.sql`, content, execution: alone }]
          const known = await steps({ migrations: next, config: { pgVersion: '18' } })
          const isWhole = known.steps
            .at(-1)
            ?.after.relations.values()
            .every(({ complete }) => complete)
          const last = next.at(-1)
          if (last && isWhole && known.steps.every(({ error, unless }) => error === null && unless === null))
            ran.push(last)
        }
        if (ran.length < 2) return
        const config = completeConfig({ pgVersion: '18' })
        expect(wrong(await differences(ran, at % (ran.length - 1), config))).toEqual([])
      }),
      runs(60),
    )
  })

  test(
    'in the examples of rule pages, and each reason for a difference is the only one of its kind',
    patience,
    async () => {
      await loadParser()
      const found: Difference[] = []
      let [examples, cases] = [0, 0]
      for (const { rule, page } of pages) {
        for (const example of page.examples) {
          if (isAboutThePast(example)) continue
          examples++
          const setup = example.setup && fileOf(example, example.setup)
          const examined = await withParsers(() => migrationsOf(example))
          const migrations = examined.flatMap(each => (each.path === setup ? apart(each) : [each]))
          const known = configOf(rule, example)
          const config = { ...known, server: { ...serverIn(known), by: 'configuration' as const } }
          for (let k = 0; k < migrations.length - 1; k++) {
            cases++
            found.push(...(await differences(migrations, k, config)))
          }
        }
      }
      expect(wrong(found)).toEqual([])
      // Each reason is used, and only by its own rules.
      expect(new Set(found.map(({ because }) => because))).toEqual(new Set(Object.keys(reasons)))
      const noted = found.filter(({ because }) => because === 'note').map(({ rule }) => rule)
      expect([...new Set(noted)].sort()).toEqual([...notesOfUnknown.keys()].sort())
      for (const { by } of notesOfUnknown.values())
        expect(pages.find(each => each.rule.id === by)?.text).toContain('That is a note')
      console.info(`${examples} examples, ${cases} migrations hidden`)
      expect(cases).toBeGreaterThan(1000)
    },
  )

  const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))
  const projects = ['demo', ...readdirSync(`${fixtures}systems`).map(name => `systems/${name}`)]

  test.each(projects)('in the fixture %s', patience, async name => {
    await loadParser()
    const tree = new WorkingTree(fixtures + name)
    const found: Difference[] = []
    const { projects } = await withParsers(() => projectsOf(tree, { transaction: () => 'unknown' }))
    for (const project of projects) {
      const inputs = inputsOf(project, tree)
      const config = completeConfig({ pgVersion: '17' })
      for (let k = 0; k < inputs.length - 1; k++) found.push(...(await differences(inputs, k, config)))
    }
    expect(wrong(found)).toEqual([])
  })
})
