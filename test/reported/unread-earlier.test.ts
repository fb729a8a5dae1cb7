import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultConfig, lint, registry, steps } from '../../src/index.ts'
import type { ReportedFinding } from '../../src/lint/report.ts'
import { isAboutThePast, migrationsOf, pages } from '../rules/kit/examples.ts'
import { history, runs } from './kit/histories.ts'

interface Written {
  readonly path: string
  readonly content: string
  readonly opaque?: string
}

const dangers = new Set(
  registry.rules
    .filter(({ category }) => category === 'locking' || category === 'data loss' || category === 'breaking change')
    .map(({ id }) => id),
)

function asMigration({ path, content, opaque }: Written) {
  const file = { path, content, execution: alone }
  return opaque === undefined ? file : { ...file, kind: 'code' as const, opaque }
}

const dynamic = "DO $$ BEGIN EXECUTE current_setting('my.sql'); END $$;"

/** What uses a domain or a row type that no migration made is not known, nor whether a constraint is the primary key. */
const aboutUsers = /ALTER (DOMAIN|TYPE)\b|DROP CONSTRAINT (IF EXISTS )?\w+_pkey\b/

async function found(migrations: readonly Written[], pgVersion: string): Promise<readonly ReportedFinding[]> {
  const config = { ...defaultConfig, pgVersion, pgVersionNamed: true }
  const report = await lint({ migrations: migrations.map(asMigration), config })
  expect(report.internalErrors).toEqual([])
  return report.findings
}

const alone = { inTransaction: false, singleMessage: false, spansFiles: false }

/** Where something is said about blocking or data, or code that breaks. */
function places(findings: readonly ReportedFinding[]): string[] {
  const told = findings.filter(({ rule }) => dangers.has(rule))
  return [...new Set(told.map(({ path, statement }) => `${path} ${statement}`))].sort()
}

function failures(findings: readonly ReportedFinding[]): string[] {
  return findings.filter(({ rule }) => rule === 'certain-failure').map(({ path, message }) => `${path}: ${message}`)
}

/** What is wrong with what is said once migration `k` is not what it was. */
/** They speak of what an unread migration may have made: a column's NOT NULL and default, what is unique, the policies of a table. */
const aboutMade: ReadonlySet<string> = new Set([
  'drop-default-of-not-null',
  'drop-unique',
  'row-security-without-policy',
])

async function differences(migrations: readonly Written[], k: number, pgVersion: string): Promise<string[]> {
  const before = await found(migrations, pgVersion)
  const later = (path: string) =>
    migrations.some((each, i) => i > k && each.path === path && !aboutUsers.test(each.content))
  const unreadable = (change: Partial<Written>) =>
    migrations.map((each, i) => (i === k ? { ...each, ...change } : each))
  const wrong: string[] = []
  for (const [how, changed] of [
    ['code', unreadable({ content: '', opaque: 'it is written in Go' })],
    ['dynamic', unreadable({ content: dynamic })],
    ['left out', migrations.filter((_, i) => i !== k)],
  ] as const) {
    const after = await found(changed, pgVersion)
    const known = new Set(failures(before))
    for (const failure of failures(after)) if (!known.has(failure)) wrong.push(`${how}: ${failure}`)
    if (how === 'left out') continue
    const told = new Set(places(after.filter(({ path }) => later(path))))
    for (const { rule, path, message } of before.filter(
      each => later(each.path) && each.severity !== 'note' && !aboutMade.has(each.rule),
    )) {
      const here = before.filter(each => each.path === path && each.rule === rule && each.message === message)
      for (const place of places(here))
        if (!told.has(place)) wrong.push(`${how}: ${path} no longer tells ${rule}: ${message}`)
    }
  }
  return [...new Set(wrong)]
}

describe('kind 1: an earlier migration that cannot be read hides no danger and makes no failure certain', () => {
  test('in generated histories', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(history(24), fc.nat({ max: 20 }), async (all, at) => {
        // A history is what ran: statements that fail on the model are left out.
        const ran: Written[] = []
        for (const content of all) {
          const path = `${String(ran.length).padStart(3, '0')}.sql`
          const next = [...ran, { path, content }]
          const history = await steps({
            migrations: next.map(asMigration),
            config: { pgVersion: '18' },
          })
          const isWhole = history.steps.at(-1)?.after.relations.every(({ complete }) => complete)
          if (isWhole && history.steps.every(({ error, unless }) => error === null && unless === null))
            ran.push({ path, content })
        }
        if (ran.length < 2) return
        expect(await differences(ran, at % (ran.length - 1), '18')).toEqual([])
      }),
      runs(25),
    )
  })

  test('in the examples of rule pages', { timeout: 600_000 }, async () => {
    const wrong: string[] = []
    let examples = 0
    for (const { rule, page } of pages) {
      for (const example of page.examples) {
        if (example.setup === null || isAboutThePast(example)) continue
        const blocks = [example.setup, ...example.blocks]
        if (blocks.some(({ info }) => info.system || info.aside || info.opaque || info.options || info.config)) continue
        examples++
        const migrations = migrationsOf(example) as Written[]
        const version = example.blocks[0]?.info.pg ?? '15'
        for (const each of await differences(migrations, 0, version)) wrong.push(`${rule.id}: ${each}`)
      }
    }
    expect(wrong).toEqual([])
    expect(examples).toBeGreaterThan(300)
  })
})
