import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import picomatch from 'picomatch'
import { expect, test } from 'vitest'
import { lintTree } from '../../src/index.ts'
import type { Execution } from '../../src/migration/execution.ts'
import { WorkingTree } from '../../src/node/disk/working-tree.ts'
import { decode } from '../../src/parse/source.ts'
import { rangeOf } from '../../src/report/position.ts'
import { discover, type Project, projectsOf } from '../../src/systems/discover.ts'
import { filesBelow, mapTree, type Tree } from '../../src/systems/reading/tree.ts'
import type { Migration } from '../../src/systems/system.ts'

// Each folder of fixtures/systems is a small project as its tool lays it out, and expected.json has its findings. The first run writes a new
// one; `npx vitest run test/systems/fixtures.test.ts -t dbmate -u` updates it. Read every line of the difference.
const folder = fileURLToPath(new URL('../../fixtures/systems/', import.meta.url))
// The page of a rule that is new since the last major version shows its findings.
const released = new Set(
  Object.keys(JSON.parse(readFileSync(new URL('../rules/recommended.json', import.meta.url), 'utf8'))),
)
const names = readdirSync(folder, { withFileTypes: true }).flatMap(entry => (entry.isDirectory() ? [entry.name] : []))

test.each(names.sort())('%s', async name => {
  const tree = projectOf(name)
  const { projects, refused, notices } = projectsOf(tree, { transaction: () => 'unknown' })
  const report = await lintTree(tree)
  expect(report.internalErrors).toEqual([])
  const found = {
    projects: projects.map(shown),
    refused: refused.map(({ directory, what, because }) => `${directory}: ${what} (${because})`),
    notices: [...notices, ...report.notices],
    findings: report.findings
      .filter(({ rule }) => released.has(rule))
      .map(finding => {
        const { line } = rangeOf(report.sources, finding).start
        return `${finding.path}:${line} ${finding.severity} ${finding.rule}`
      }),
  }
  await expect(`${JSON.stringify(found, null, 2)}\n`).toMatchFileSnapshot(`${folder}${name}/expected.json`)
})

test.each(names.sort())('the hook for pre-commit and the usual files find the migrations of %s', name => {
  const hook = readFileSync(new URL('../../.pre-commit-hooks.yaml', import.meta.url), 'utf8')
  const pattern = new RegExp(/files: '(.*)'/.exec(hook)?.[1] ?? '^$')
  const { projects } = projectsOf(projectOf(name), { transaction: () => 'unknown' })
  for (const { system, migrations } of projects)
    for (const { path, opaque } of migrations) {
      // A revision of Prisma 8 is a folder of JSON.
      expect(`${path} ${pattern.test(path)}`).toBe(`${path} true`)
      const { files } = system.facts.code ?? {}
      if (opaque !== undefined && files !== undefined) expect(`${path} ${picomatch(files)(path)}`).toBe(`${path} true`)
    }
})

// A folder outside of the working directory has an absolute path. The findings do not depend on the working directory.
test.each(names.sort())('%s, from a folder elsewhere', name => {
  const files: Record<string, Uint8Array> = {}
  const moved: Record<string, Uint8Array> = {}
  const own = projectOf(name)
  for (const path of filesBelow(own, '')) {
    files[path] = own.read(path)
    moved[`/srv/app/${path}`] = own.read(path)
  }
  const found = (tree: Tree, root: string) => {
    const { projects, refused, notices } = discover(tree, [root], { transaction: () => 'unknown' })
    return JSON.stringify([projects.map(shown), refused, notices])
  }
  const here = found(mapTree(files), '')
  const words = (text: string) => text.replaceAll(/\/?srv\/app\/?/g, '')
  expect(words(found(mapTree(moved), '/srv/app'))).toBe(here)
})

/** The project without expected.json. */
function projectOf(name: string): Tree {
  const tree = new WorkingTree(folder + name)
  return {
    list: dir => tree.list(dir).filter(entry => dir !== '' || entry.name !== 'expected.json'),
    read: path => tree.read(path),
  }
}

function shown({ system, directory, because, migrations, asides }: Project) {
  return {
    system: system.id,
    directory,
    because,
    migrations: migrations.map(migration => ({
      path: migration.path,
      id: migration.id,
      ...(migration.opaque === undefined ? { up: partsOf(migration, migration.parts) } : { opaque: migration.opaque }),
      ...(migration.downParts && { down: partsOf(migration, migration.downParts) }),
      ...(migration.downPath !== undefined && { down: migration.downPath }),
    })),
    asides: asides.map(({ path, kind, why }) => `${path}: ${kind}. ${why}`),
  }
}

/** `lines 2-4: in a transaction, one message`. */
function partsOf({ path, content, execution }: Migration, parts: Migration['parts']): string[] {
  const { text } = decode(path, content).source
  const pieces = parts?.(text) ?? [{ span: [0, text.length] as const }]
  const line = (offset: number) => text.slice(0, offset).split('\n').length
  return pieces.map(({ span: [start, end], execution: own = execution }) => {
    const piece = text.slice(start, end)
    const first = start + Math.max(piece.search(/\S/), 0)
    return `lines ${line(first)}-${line(start + piece.trimEnd().length)}: ${words(own)}`
  })
}

function words({ inTransaction, singleMessage, spansFiles }: Execution): string {
  const transaction = { true: 'in a transaction', false: 'in no transaction', unknown: 'perhaps in a transaction' }
  const said = [transaction[`${inTransaction}`], ...(singleMessage ? ['one message'] : [])]
  return [...said, ...(spansFiles ? ['together with other files'] : [])].join(', ')
}
