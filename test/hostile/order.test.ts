import { expect, test } from 'vitest'
import { lintTree, mapTree } from '../../src/index.ts'
import type { Tree } from '../../src/systems/reading/tree.ts'
import { migrateLint, project } from '../node/kit/program.ts'

// The same files give the same report, however they are named or listed.

test('three names that were in a circle: two of them stand as they do where the third is there too', async () => {
  const names = ['2.sql', 'seeds/1.sql', 'v1/1.sql']
  const all = await orderOf(names)
  expect([...all].sort()).toEqual(names)
  for (const left of names) {
    const two = names.filter(name => name !== left)
    expect(await orderOf(two)).toEqual(all.filter(name => name !== left))
  }
})

/** The files as the built program goes through them, each of which has a finding. */
async function orderOf(names: readonly string[]): Promise<string[]> {
  const files = names.map(name => [`migrations/${name}`, 'CREATE INDEX i ON orders (email);\n'])
  const ran = await migrateLint(['--format', 'json', 'migrations'], { cwd: project(Object.fromEntries(files)) })
  const { findings } = JSON.parse(ran.stdout) as { findings: { path: string }[] }
  return [...new Set(findings.map(({ path }) => path.slice('migrations/'.length)))]
}

test.each([
  ['Flyway', ['V1__a.sql', 'V1.0__b.sql', 'V01__c.sql', 'a/V1__d.sql', 'R__x.sql', 'a/R__x.sql'], ''],
  ['golang-migrate', ['1_a.up.sql', '01_b.up.sql', '001_c.up.sql'], ''],
  ['goose', ['1_a.sql', '01_b.sql', '001_c.sql'], '-- +goose Up\n'],
  ['refinery', ['V1__a.sql', 'V01__b.sql', 'sub/V1__c.sql', 'U1__d.sql'], ''],
  ['plain SQL', ['2.sql', 'seeds/1.sql', 'v1/1.sql', 'a/1.sql', 'A/1.sql'], ''],
])('%s: a folder that is listed in another order has the same report', async (system, names, head) => {
  const entries = names.map(name => [`migrations/${name}`, `${head}CREATE INDEX i ON orders (email);\n`])
  const cargo = system === 'refinery' ? { 'Cargo.toml': '[dependencies]\nrefinery = "0.8"\n' } : {}
  const tree = mapTree({ ...cargo, ...Object.fromEntries(entries) })
  const report = await lintTree(tree)
  expect(new Set(report.findings.map(({ path }) => path)).size).toBe(names.length)
  expect(report.system).toContain(system)
  for (const turn of [1, 2, 3, 4, 5]) {
    const again = await lintTree(turned(tree, turn))
    expect([again.findings, again.notices]).toEqual([report.findings, report.notices])
    expect(JSON.stringify(again) === JSON.stringify(report)).toBe(true)
  }
})

/** The tree with what each directory has in another order: from another entry on, and backwards. */
function turned(tree: Tree, turn: number): Tree {
  return {
    list: dir => {
      const entries = tree.list(dir)
      const from = turn % Math.max(entries.length, 1)
      const other = [...entries.slice(from), ...entries.slice(0, from)]
      return turn % 2 === 0 ? other : other.reverse()
    },
    read: path => tree.read(path),
  }
}
