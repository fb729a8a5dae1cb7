import { expect, test, vi } from 'vitest'
import { kept, onDemand, withParsers } from '../../src/systems/reading/on-demand.ts'
import { mapTree, type Tree } from '../../src/systems/reading/tree.ts'

test('of a reading that runs again, only parts that had to do without something run again', async () => {
  const parser = onDemand(async () => ({ parse: (text: string) => text.length }))
  const [about, runs] = [{}, { reading: 0, other: 0, parsed: 0 }]
  const read = () => {
    runs.reading++
    const other = kept([about], 'other', () => ++runs.other)
    const parsed = kept([about], 'parsed', () => {
      runs.parsed++
      return parser()?.parse('abc')
    })
    return { other, parsed }
  }
  expect(await withParsers(read)).toEqual({ other: 1, parsed: 3 })
  expect(runs).toEqual({ reading: 2, other: 1, parsed: 2 })
  expect(await withParsers(read), 'another reading keeps nothing of this one').toEqual({ other: 2, parsed: 3 })
})

test('what is kept belongs to all objects that it is about', async () => {
  const [a, b, c] = [{}, {}, {}]
  const made = await withParsers(() =>
    [[a, b], [a, c], [b, a], [a], [a, b]].map((about, i) => kept(about, 'same', () => i)),
  )
  expect(made).toEqual([0, 1, 2, 3, 0])
})

test('outside of a reading nothing is kept', () => {
  const about = {}
  expect([1, 2].map(i => kept([about], 'same', () => i))).toEqual([1, 2])
})

test('discovery lists each folder and reads each file once, also if it must load a parser', async () => {
  const files = {
    'db/changelog/db.changelog-master.yaml': 'databaseChangeLog:\n  - include: { file: db/changelog/1.sql }\n',
    'db/changelog/1.sql': '--liquibase formatted sql\n--changeset a:1\nSELECT 1;\n',
    'apps/a/package.json': '{}',
    'apps/b/package.json': '{}',
  }
  const tree = mapTree(files)
  const asked: string[] = []
  const counting: Tree = {
    list: dir => {
      asked.push(`list ${dir}`)
      return tree.list(dir)
    },
    read: path => {
      const content = tree.read(path)
      asked.push(`read ${path}`)
      return content
    },
  }
  // Modules in which no parser is loaded yet, as when the program starts.
  vi.resetModules()
  const { projectsOf } = await import('../../src/systems/discover.ts')
  const { withParsers: withNewParsers } = await import('../../src/systems/reading/on-demand.ts')
  let rounds = 0
  const { projects } = await withNewParsers(() => {
    rounds++
    return projectsOf(counting, { transaction: () => 'unknown' })
  })
  expect(projects.map(({ system }) => system.id)).toEqual(['liquibase'])
  expect(rounds).toBeGreaterThan(1)
  expect(asked.filter((each, i) => asked.indexOf(each) < i)).toEqual([])
})
