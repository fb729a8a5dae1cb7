import { readdirSync, readFileSync } from 'node:fs'
import { completeConfig, lint, type Migration, registry, steps } from '../../../src/index.ts'
import type { Config } from '../../../src/lint/config/config.ts'
import type { History } from '../../../src/lint/history/history.ts'
import type { Report } from '../../../src/lint/report.ts'
import type { Rule } from '../../../src/lint/rule.ts'
import { type Block, type Example, type Page, parsePage } from '../../../src/pages/page.ts'
import { inputsSince } from './past.ts'
import { migrationOf } from './systems.ts'

const folder = new URL('../../../rules/', import.meta.url)

/** All rules, each with the present text of its page. */
export const pages: readonly { readonly rule: Rule; readonly page: Page; readonly text: string }[] = registry.rules.map(
  rule => {
    const text = readFileSync(new URL(`${rule.id}.md`, folder), 'utf8')
    return { rule, page: parsePage(text), text }
  },
)

/** Files in rules/, with their endings. */
export const ruleFiles: readonly string[] = readdirSync(folder).sort()

/** `RULE=drop-column npx vitest run test/rules` tests a single page. */
export const chosen = pages.filter(({ rule }) => !process.env.RULE || process.env.RULE === rule.id)

/** File name of a block in its example. */
export function fileOf(example: Example, block: Block): string {
  if (block.info.name !== undefined) return block.info.name
  if (block === example.setup) return '1_setup.sql'
  return block.info.file ? `${example.blocks.indexOf(block) + 2}_${block.info.file}` : '2_example.sql'
}

/** True if the example shows changes of applied migrations. Then it has a former and a present state, and its SQL is not run. */
export function isAboutThePast({ base, blocks }: Example): boolean {
  return base.length > 0 || blocks.some(({ info }) => info.gone)
}

export function configOf(rule: Rule, example: Example): Config {
  const { pg, preset, options, config } = example.blocks[0]?.info ?? {}
  const blocks = [example.setup, ...example.blocks].filter(block => block !== null)
  return completeConfig({
    ...(pg ? { pgVersion: pg } : {}),
    ...(preset ? { preset } : {}),
    ...(options ? { rules: { [rule.id]: [rule.severity, options] } } : {}),
    ...config,
    overrides: blocks.flatMap(block => {
      const { transaction } = block.info
      return transaction ? [{ files: [fileOf(example, block)], transaction }] : []
    }),
  })
}

export function migrationsOf(example: Example): readonly Migration[] {
  if (isAboutThePast(example)) return inputsSince([...example.base, ...example.blocks])
  const blocks = [example.setup, ...example.blocks].filter(block => block !== null)
  const together = blocks.filter(({ info }) => info.system !== undefined)
  return blocks.map((block): Migration => {
    const { aside, opaque, system } = block.info
    if (system !== undefined) {
      const files = together.map(each => ({
        name: fileOf(example, each),
        sql: each.sql,
        beside: each.info.beside ?? {},
      }))
      return migrationOf(system, files, fileOf(example, block))
    }
    const file = { path: fileOf(example, block), content: block.sql }
    if (aside !== undefined) return { ...file, kind: 'aside', why: aside }
    return opaque === undefined ? file : { ...file, kind: 'code', opaque }
  })
}

export function lintExample(rule: Rule, example: Example): Promise<Report> {
  const report = (path: string) => example.setup === null || path !== fileOf(example, example.setup)
  const config = configOf(rule, example)
  // A clock that advances by a millisecond with each reading, for configurations with a time limit.
  let now = 0
  const clock = example.blocks.some(({ info }) => info.config?.secondsPerFile) ? { clock: { now: () => now++ } } : {}
  return lint({ migrations: migrationsOf(example), config, report, ...clock })
}

/** The model's prediction for an example, for the page's PostgreSQL version or for another one. */
export function stepsOf(rule: Rule, example: Example, version?: string): Promise<History> {
  const config = configOf(rule, example)
  return steps({
    migrations: migrationsOf(example),
    config: version ? completeConfig({ ...config, pgVersion: version }) : config,
  })
}
