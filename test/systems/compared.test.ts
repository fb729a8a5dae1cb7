import { expect, test } from 'vitest'
import { discover, type Project, projectIn } from '../../src/systems/discover.ts'
import { type Applied, compared, type ProjectReading } from '../../src/systems/history/compared.ts'
import { mapTree, overlaid, type Tree } from '../../src/systems/reading/tree.ts'
import type { SystemOptions } from '../../src/systems/system.ts'

const options: SystemOptions = { transaction: () => 'wrapped' }
const nothingAllowed = () => null

function readingOf(tree: Tree): ProjectReading {
  const [project] = discover(tree, [''], options).projects
  if (!project) throw new Error('no project was found')
  return {
    project,
    again: (other, directory = project.directory): Project => projectIn(other, directory, options, project.system.id),
  }
}

/** Commits by name. */
function applied(commits: Readonly<Record<string, Readonly<Record<string, string>>>>): Applied {
  const trees = new Map(Object.entries(commits).map(([name, files]) => [name, mapTree(files)]))
  const at = (commit: string) => trees.get(commit) ?? mapTree({})
  return { name: 'origin/main', commit: 'base', tip: trees.has('tip') ? 'tip' : 'base', at }
}

const one = 'CREATE TABLE a (id int);\n'
const two = 'CREATE TABLE b (id int);\n'

test('a project is compared with the same folder of a commit', () => {
  const now = mapTree({ 'db/V1__a.sql': `${one}SELECT 1;\n`, 'db/V2__b.sql': two })
  const { changes, followed } = compared(
    readingOf(now),
    now,
    applied({ base: { 'db/V1__a.sql': one, 'db/V2__b.sql': two } }),
    nothingAllowed,
  )
  expect(followed).toBe('db')
  expect([...changes.present].map(([path, [change]]) => [path, change?.kind])).toEqual([['db/V1__a.sql', 'edited']])
  expect(changes.gone).toEqual([])
})

test('a moved folder is compared with its former place, which is named', () => {
  const now = mapTree({ 'sql/V1__a.sql': one, 'sql/V2__b.sql': two })
  const base = { 'db/V1__a.sql': one, 'db/V2__b.sql': two }
  const { changes, followed } = compared(readingOf(now), now, applied({ base }), nothingAllowed)
  expect(followed).toBe('db')
  expect([...changes.present]).toEqual([])
  expect(changes.gone).toEqual([])
})

test('later commits of the branch count in the order, not among applied migrations', () => {
  const now = mapTree({ 'db/V1__a.sql': one, 'db/V2__b.sql': two })
  const base = { 'db/V1__a.sql': one }
  const { changes } = compared(
    readingOf(now),
    now,
    applied({ base, tip: { ...base, 'db/V3__c.sql': 'SELECT 3;\n' } }),
    nothingAllowed,
  )
  expect([...changes.present].map(([path, [change]]) => [path, change?.kind])).toEqual([['db/V2__b.sql', 'late']])
})

test('two trees as one list each folder of the first once, for all files that are read', () => {
  const asked: string[] = []
  const own = mapTree({ 'm/1.sql': 'SELECT 2' })
  const counted: Tree = {
    list: dir => {
      asked.push(dir)
      return own.list(dir)
    },
    read: path => own.read(path),
  }
  const files = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`m/${i}.sql`, 'SELECT 1']))
  const both = overlaid(counted, mapTree(files))
  const read = Object.keys(files).map(path => new TextDecoder().decode(both.read(path)))
  expect(read.filter(text => text === 'SELECT 2')).toHaveLength(1)
  expect(asked).toEqual(['m'])
})
