import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lintTree } from '../../src/index.ts'
import { WorkingTree } from '../../src/node/disk/working-tree.ts'
import { compareFlyway } from '../../src/systems/atlas/layout.ts'
import { compareStubs } from '../../src/systems/db-migrate/db-migrate.ts'
import { compareFolders } from '../../src/systems/diesel/diesel.ts'
import { compareIds } from '../../src/systems/ef-core/ef-core.ts'
import { compareResolved } from '../../src/systems/flyway/flyway.ts'
import { flywayName } from '../../src/systems/flyway/name.ts'
import { compareCommitted } from '../../src/systems/graphile-migrate/graphile-migrate.ts'
import { systems } from '../../src/systems/index.ts'
import { compareNames } from '../../src/systems/node-pg-migrate/node-pg-migrate.ts'
import { compareNatural } from '../../src/systems/reading/order.ts'
import { compareReleases } from '../../src/systems/reading/package-version.ts'
import { mapTree, type Tree } from '../../src/systems/reading/tree.ts'
import {
  type Compare,
  compareBytes,
  compareEnglish,
  compareUnits,
  compareVersions,
  parseUint64,
} from '../../src/systems/reading/version.ts'
import { innermostFirst } from '../../src/systems/unread.ts'

/** The comparison of the values that a system reads from names. */
function of<T>(item: (name: string) => T, compare: Compare<T>): Compare<string> {
  return (a, b) => compare(item(a), item(b))
}

const versionOf = (name: string) => BigInt(/\d+/.exec(name)?.[0] ?? 0)
const repeatable = { kind: 'repeatable', id: '', version: [], description: '' } as const

/** All comparisons of src/systems, by the text of the argument of `sort`. */
const comparisons: Readonly<Record<string, Compare<string>>> = {
  compareNatural,
  compareUnits,
  compareBytes,
  compareEnglish,
  compareNames,
  compareStubs,
  compareFlyway,
  compareVersions: of(name => ({ version: versionOf(name), path: name }), compareVersions),
  compareIds: of(name => ({ id: String(versionOf(name)), path: name }), compareIds),
  compareFolders: of(name => ({ id: (name.split('_')[0] ?? '').replaceAll('-', ''), path: name }), compareFolders),
  innermostFirst: of(directory => ({ directory }), innermostFirst),
  compareCommitted: of(name => ({ id: `${versionOf(name)}.sql`, path: name }), compareCommitted),
  compareResolved: of(name => ({ name: flywayName(`${name}.sql`) ?? repeatable, path: name }), compareResolved),
}

test('compareReleases is a total order: 20,000 triples of versions', () => {
  const number = fc.oneof(fc.nat(3), fc.constantFrom(2 ** 53, Number('9'.repeat(400))))
  const version = fc.tuple(number, number, number)
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      const [ab, bc, ac] = [compareReleases(a, b), compareReleases(b, c), compareReleases(a, c)]
      expect([ab, bc, ac].some(Number.isNaN)).toBe(false)
      expect(Math.sign(ab) + Math.sign(compareReleases(b, a))).toBe(0)
      expect(ab === 0).toBe(a.every((each, i) => each === b[i]))
      if (ab <= 0 && bc <= 0) expect(ac).toBeLessThanOrEqual(0)
    }),
    { numRuns: 20_000 },
  )
})

test('a directory comes before those that it lies in', () => {
  const all = ['', 'a', 'a/b', 'a/b/c', 'a!', 'b'].map(directory => ({ directory }))
  for (const inner of all)
    for (const outer of all)
      if (inner.directory.startsWith(`${outer.directory}/`) || (outer.directory === '' && inner.directory !== ''))
        expect(innermostFirst(inner, outer)).toBeLessThan(0)
})

/** Parts of names that may make a comparison contradict itself: signs of versions, equal numbers, numbers that `Number` rounds, other digits. */
const pieces = [
  ...['V', 'v', 'U', 'R__', 'B', 'a', 'b', 'A', 'seeds', 'x', 'é', 'e\u0301', 'ß', 'İ', 'ı', '\u0000', '\ud800', '😀'],
  ...[
    '0',
    '1',
    '2',
    '00',
    '01',
    '10',
    '1.0',
    '20240101000000',
    '12345678901234',
    '20240101000000000',
    '99999999999999999',
  ],
  ...['9007199254740992', '9007199254740993', '18446744073709551616', '9'.repeat(400), '٣', '２', '²', '𝟙', '-1', '+1'],
  ...['.', '_', '__', '-', '/', ' ', '.sql', '.up.sql', '.SQL', 'v1/', '2.sql', 'constructor'],
]

test('every comparison is a total order: 20,000 triples of names', () => {
  const name = fc.array(fc.constantFrom(...pieces), { maxLength: 5 })
  // Similar names find more mistakes than random ones.
  const some = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 })
  const near = fc.tuple(some, fc.nat(4), fc.constantFrom(...pieces), fc.nat(4), fc.constantFrom(...pieces))
  const triple = near.map(([words, i, word, j, other]) =>
    [words, words.with(i % words.length, word), [...words.slice(0, j), other, ...words.slice(j)]].map(all =>
      all.join(''),
    ),
  )
  const any = fc.tuple(name, name, name).map(all => all.map(words => words.join('')))
  fc.assert(
    fc.property(fc.oneof(triple, any), ([a = '', b = '', c = '']) => {
      const wrong = Object.entries(comparisons).flatMap(([id, compare]) => {
        const [ab, bc, ac] = [compare(a, b), compare(b, c), compare(a, c)]
        return [
          ...(Math.sign(ab) === -Math.sign(compare(b, a)) ? [] : [`${id}: the other way round`]),
          ...((ab === 0) === (a === b) ? [] : [`${id}: equal`]),
          ...((ab <= 0 && bc <= 0 && ac > 0) || (ab >= 0 && bc >= 0 && ac < 0) ? [`${id}: transitive`] : []),
        ]
      })
      expect(wrong).toEqual([])
    }),
    { numRuns: 20_000 },
  )
})

test.each(Object.entries(comparisons))('%s: in a sorted list each name is before all that follow it', (_, compare) => {
  const some = [
    'V',
    'v',
    'R__',
    'a',
    'seeds',
    'é',
    '0',
    '1',
    '01',
    '10',
    '1.0',
    '9007199254740993',
    '٣',
    '.',
    '__',
    '-',
    '/',
  ]
  const names = ['', ...some, ...some.flatMap(a => some.map(b => a + b))]
  const sorted = [...new Set(names)].sort(compare)
  const wrong = sorted.flatMap((a, i) => sorted.slice(i + 1).flatMap(b => (compare(a, b) < 0 ? [] : [`${a} ${b}`])))
  expect(wrong).toEqual([])
})

test('three names that must not form a circle', () => {
  const [a, b, c] = ['2.sql', 'seeds/1.sql', 'v1/1.sql']
  expect([compareNatural(a, b), compareNatural(b, c), compareNatural(a, c)].map(Math.sign)).toEqual([-1, -1, -1])
})

test('a number may have any length', () => {
  const long = '9'.repeat(100_000)
  expect(compareNatural(`${long}8.sql`, `${long}9.sql`)).toBe(-1)
  expect(compareNatural(`00${long}.sql`, `1${long}.sql`)).toBeLessThan(0)
  expect(compareVersions({ version: 2n ** 64n, path: 'b' }, { version: 2n ** 64n + 1n, path: 'a' })).toBe(-1)
  expect(parseUint64(long)).toBe(null)
})

// Other comparisons, with the reason why each is total or does not order files.
const others: Readonly<Record<string, string>> = {
  'atlas/sum.ts: (a, b) => strangers(a, known) - strangers(b, known)':
    'layouts, in an order of our own; the first of the best',
  'discover.ts: (a, b) => a.rank - b.rank || depth(a) - depth(b) || (found.get(a) ?? 0) - (found.get(b) ?? 0)':
    'the place where it was found is its own',
  'discover.ts: byDirectory': 'projects, each with a directory of its own',
  'discover.ts: (a, b) => b.length - a.length': 'directories that hold one and the same: none is as long as another',
  'reading/package-version.ts: compareReleases': 'a total order of versions, by a test of its own',
  'django/django.ts: (a, b) => compareUnits(a.id, b.id)': 'one migration to an id',
  'history/edit.ts: (a, b) => a.at[0] - b.at[0]': 'words of a text that do not overlap',
  'django/expression.ts: ([a], [b]) => (a < b ? -1 : 1)': 'names of one record, each there once',
  'django/state.ts: (a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0)':
    'relations of one state, equal ones in its own order',
  'flyway/name.ts: (a, b) => b.length - a.length': 'prefixes of one name: none is as long as another',
  'atlas/layout.ts: (a, b) => compareBytes(key(a), key(b))': 'paths of one tree',
  'laravel/model.ts: ([a], [b]) => b.length - a.length': 'prefixes of names, in the order of one file',
  'liquibase/row-changes.ts: (a, b) => compareUnits(a.said, b.said)': 'columns of one change, one to a name',
  'node-pg-migrate/node-pg-migrate.ts: (a, b) => compareNames(a.name, b.name)': 'names of one folder',
  'prisma-8/prisma-8.ts: ([a], [b]) => compareUnits(a, b)': 'keys of one object',
  'prisma-8/prisma-8.ts: (a, b) => compareUnits(lastName(reached.get(b)), lastName(reached.get(a))) || compareUnits(b, a)':
    'hashes, each there once',
  'history/renames.ts: (a, b) => b.score - a.score': 'in the order of the migrations',
  'rails/index-of.ts: (a, b) => compareUnits(a.name, b.name)': 'indexes of one table, one to a name',
  'reading/tree.ts: (a, b) => compareUnits(a.name, b.name)': 'names of one folder',
}

test('src/systems uses no other comparison', () => {
  const folder = fileURLToPath(new URL('../../src/systems/', import.meta.url))
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
  const found = files.flatMap(name => {
    const text = readFileSync(folder + name, 'utf8')
    return [...text.matchAll(/\.(?:sort|toSorted)\(/g)].map(
      ({ index, 0: start }) =>
        `${name}: ${argument(text, index + start.length)
          .replace(/\s+/g, ' ')
          .replace(/,? ?$/, '')
          .trim()}`,
    )
  })
  expect(found.length).toBeGreaterThan(30)
  const unknown = found.filter(each => {
    const [, compare = ''] = each.split(': ')
    return compare !== '' && !Object.hasOwn(comparisons, compare) && !Object.hasOwn(others, each)
  })
  expect(unknown).toEqual([])
  expect(Object.keys(others).filter(each => !found.includes(each))).toEqual([])
})

/** The text between this place and the parenthesis that closes the call. */
function argument(text: string, start: number): string {
  let depth = 1
  let end = start
  for (; depth > 0; end++) depth += text[end] === '(' ? 1 : text[end] === ')' ? -1 : 0
  return text.slice(start, end - 1)
}

/** The same files, listed in random order. */
function shuffled(tree: Tree, seed: number): Tree {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state
  }
  return {
    list: dir => {
      const entries = [...tree.list(dir)].map(entry => ({ entry, place: next() }))
      return entries.sort((a, b) => a.place - b.place).map(({ entry }) => entry)
    },
    read: path => tree.read(path),
  }
}

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))
const projects = [
  'demo',
  ...readdirSync(`${fixtures}systems`).flatMap(name => (name.includes('.') ? [] : [`systems/${name}`])),
]

test.each(projects)('%s: the report does not depend on the order in which folders are listed', async name => {
  const tree = new WorkingTree(fixtures + name)
  const report = await lintTree(tree)
  for (const seed of [1, 2]) {
    const again = await lintTree(shuffled(tree, seed))
    expect([again.findings, again.notices]).toEqual([report.findings, report.notices])
    expect(JSON.stringify(again) === JSON.stringify(report)).toBe(true)
  }
})

/** Names of files in the form that the tools require, with versions that are equal by value, equal as text, or different. */
const stems = ['V1__a', 'V1.0__b', 'V01__c', 'R__x', 'V2__a', 'U1__a', '1_a', '01_b', '001_c', '2_a', '0000000000001_a']
const stamps = ['20240101000000_a', '20240101000000-a', '2024_01_01_000000_a', '0001_initial', '1700000000000-A']
const ends = [
  '.sql',
  '.up.sql',
  '.down.sql',
  '.js',
  '.ts',
  '.rb',
  '.py',
  '.go',
  '.java',
  '/up.sql',
  '/down.sql',
  '/migration.sql',
]
const tail = `class A1700000000000 { up queryInterface } revision = 'a'\n--liquibase formatted sql\n--changeset a:1\n-- +goose Up\n`

test.each(systems.map(system => [system.id, system] as const))('%s: equal versions have an order', (_, system) => {
  const names = [...stems, ...stamps].flatMap(stem => ends.map(end => stem + end))
  const files = [
    ...names,
    ...names.slice(0, 40).map(name => `below/${name}`),
    ...names.slice(0, 40).map(name => `a/b/${name}`),
  ]
  const tree = mapTree(Object.fromEntries(files.map(path => [`m/${path}`, tail])))
  const read = (from: Tree) => {
    const { migrations, asides, notices } = system.migrations(from, 'm', { transaction: () => 'unknown' })
    return { migrations: migrations.map(({ id, path, downPath }) => ({ id, path, downPath })), asides, notices }
  }
  const expected = read(tree)
  for (const seed of [1, 2, 3]) expect(read(shuffled(tree, seed))).toEqual(expected)
})
