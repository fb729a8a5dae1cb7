import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WorkingTree } from '../../src/node/disk/working-tree.ts'
import { RecordedTree } from '../../src/node/git/recorded-tree.ts'
import { foldersBelow } from '../../src/systems/discover.ts'
import { filesBelow, realFiles, type Tree, walk } from '../../src/systems/reading/tree.ts'
import { git, temporary } from '../kit/git.ts'

const name = fc.constantFrom('a', 'b', 'c', 'd.sql')
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map(names => names.join('/'))
const step = fc.constantFrom('a', 'b', 'c', 'd.sql', '..', '..', '.', '', '.git', 'nowhere')
const target = fc.oneof(
  { weight: 6, arbitrary: fc.array(step, { minLength: 1, maxLength: 5 }).map(steps => steps.join('/') || '.') },
  { weight: 1, arbitrary: fc.array(step, { maxLength: 3 }).map(steps => `ROOT/${steps.join('/')}`) },
  { weight: 1, arbitrary: fc.constantFrom('/', '/etc/hostname', '/etc', '/proc/self/environ', '/nowhere') },
)
/** Nobody may go through .git and out of it again, and no commit could show that. */
const sensible = target.filter(to => !/\.git\/[./]*\.\./.test(to))
interface Made {
  readonly files: readonly string[]
  readonly links: readonly (readonly [string, string])[]
}
const made: fc.Arbitrary<Made> = fc.record({
  files: fc.array(path, { minLength: 1, maxLength: 6 }),
  links: fc.array(fc.tuple(path, sensible), { maxLength: 8 }),
})

/** The entries that can be created: of two in one place the first. */
function make(root: string, { files, links }: Made): void {
  for (const each of readdirSync(root)) if (each !== '.git') rmSync(join(root, each), { recursive: true })
  const put = (at: string, work: (place: string) => void) => {
    const place = join(root, at)
    try {
      // Not through a link that is there already: git would keep that as it is.
      for (let above = dirname(at); above !== '.'; above = dirname(above)) {
        if (
          existsSync(join(root, above)) &&
          !readdirSync(dirname(join(root, above)), { withFileTypes: true }).some(
            entry => entry.isDirectory() && entry.name === above.split('/').at(-1),
          )
        )
          return
      }
      mkdirSync(dirname(place), { recursive: true })
      work(place)
    } catch {
      // Something else is there.
    }
  }
  for (const file of files) put(file, place => writeFileSync(place, `-- ${file}\n`, { flag: 'wx' }))
  for (const [at, to] of links) put(at, place => symlinkSync(to.replace('ROOT', root), place))
}

/** Everything in a tree, under every name that a link or a folder gives, three folders deep. */
function told(tree: Tree & { kind(path: string): string | null }): unknown {
  const names = ['a', 'b', 'c', 'd.sql']
  const two = names.flatMap(first => [first, ...names.map(second => `${first}/${second}`)])
  const paths = ['', ...two, ...two.flatMap(above => names.map(below => `${above}/${below}`))]
  const content = (at: string) => {
    try {
      return Buffer.from(tree.read(at)).toString()
    } catch {
      return null
    }
  }
  return {
    places: [...new Set(paths)].map(at => ({ at, list: tree.list(at), kind: tree.kind(at), content: content(at) })),
    walk: walk(tree, '', () => true),
    walks: names.map(each => walk(tree, each, () => true)),
    folders: foldersBelow(tree, ''),
    files: filesBelow(tree, ''),
    real: realFiles(tree, '').map(content),
  }
}

// On Windows links need a right that users do not have.
test.skipIf(process.platform === 'win32')(
  'the files on disk and those of a commit are reported alike, with links of every kind',
  () => {
    const outside = temporary()
    // Things of the same names lie where some links lead.
    mkdirSync(join(outside, 'a'))
    for (const file of ['a/b', 'b', 'd.sql']) writeFileSync(join(outside, file), '-- outside\n')
    symlinkSync('nowhere', join(outside, 'c'))
    const root = join(outside, 'repository')
    mkdirSync(root)
    git(root, 'init', '-q', '-b', 'main')
    fc.assert(
      fc.property(made, each => {
        make(root, each)
        const onDisk = told(new WorkingTree(root))
        git(root, 'add', '-A')
        const staged = told(RecordedTree.staged(root))
        const commit = git(root, 'commit-tree', '-m', 'x', git(root, 'write-tree'))
        make(root, { files: [], links: [] })
        const recorded = told(RecordedTree.of(commit, root))
        expect(staged).toEqual(onDisk)
        expect(recorded).toEqual(onDisk)
      }),
      { numRuns: 24 },
    )
  },
  120_000,
)

// On Windows links need a right that users do not have.
test.skipIf(process.platform === 'win32')(
  'a walk enters each real folder once, and misses no file that a path leads to',
  () => {
    const root = temporary()
    mkdirSync(join(root, '.git'))
    fc.assert(
      fc.property(made, each => {
        make(root, each)
        const tree = new WorkingTree(root)
        const { found } = walk(tree, '', () => true)
        const folders = found.filter(({ kind }) => kind === 'directory').map(({ real }) => real)
        expect(new Set(folders).size).toBe(folders.length)
        const own = readdirSync(root, { recursive: true, withFileTypes: true })
          .filter(entry => entry.isFile())
          .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
        expect(
          realFiles(tree, '')
            .filter(file => own.includes(file))
            .sort(),
        ).toEqual(own.sort())
        const texts = realFiles(tree, '').flatMap(file => {
          try {
            return Buffer.from(tree.read(file)).toString()
          } catch {
            return []
          }
        })
        expect(new Set(texts).size).toBe(texts.length)
      }),
      { numRuns: 100 },
    )
  },
)
