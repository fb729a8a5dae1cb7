import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { newestVersion, oldestVersion, supportedVersions } from '../src/postgres/version.ts'

// What documents repeat of a list in the source, where it is not generated from it.

function textOf(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
}

const range = `${oldestVersion} to ${newestVersion}`

test.each([
  'README.md',
  'CONTRIBUTING.md',
  '.ci/run',
  'test/postgres/measure/README.md',
  'test/postgres/servers/package.json',
])(`%s names the supported versions of PostgreSQL, ${range}`, path => {
  const said = [...textOf(path).matchAll(/\b[1-9]\d (?:to|and|through) [1-9]\d\b|\b[1-9]\d[–-][1-9]\d\b/g)].map(
    ([words]) => words,
  )
  expect(said.length, `${path} is to say which versions are supported`).toBeGreaterThan(0)
  expect(
    said.filter(words => words !== range),
    `${path}: write "${range}", as src/postgres/version.ts has it`,
  ).toEqual([])
})

test('the supported versions are consecutive: schema, messages and documents name the first and the last only', () => {
  expect(supportedVersions).toEqual(supportedVersions.map((_, i) => oldestVersion + i))
})

test('there is a package with a server of each supported version', () => {
  const { optionalDependencies } = JSON.parse(textOf('test/postgres/servers/package.json')) as {
    optionalDependencies: Record<string, string>
  }
  const missing = supportedVersions.filter(version => !Object.hasOwn(optionalDependencies, `postgres-${version}`))
  expect(missing, 'add "postgres-N" to test/postgres/servers/package.json').toEqual([])
})

const root = fileURLToPath(new URL('..', import.meta.url))

/** The names in a folder, or none. */
function namesIn(folder: string): string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : []
}

/** Whether a path is there; `<id>` and the like stand for any name, or a part of one. */
function isThere(path: string): boolean {
  const [first = '', ...more] = path.split('/').filter(part => part !== '')
  let found = [first]
  for (const part of more) {
    const [before = '', after = ''] = part.split(/<[^>]+>/)
    const fits = (name: string) =>
      part.includes('<')
        ? name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after)
        : name === part
    found = found.flatMap(each =>
      namesIn(`${root}${each}`)
        .filter(fits)
        .map(name => `${each}/${name}`),
    )
  }
  return found.some(each => existsSync(`${root}${each}`))
}

describe.each(['docs/architecture.md', 'CONTRIBUTING.md'])('%s', document => {
  const text = textOf(document)

  test('names existing files and folders', () => {
    const paths =
      text.match(/(?<![\w./-])(?:src|rules|test|scripts|docs|fixtures|schema|bench)\/[\w./<>-]*[\w>/]/g) ?? []
    expect(paths.length).toBeGreaterThan(20)
    const missing = [...new Set(paths)].filter(path => !isThere(path))
    expect(missing, `${document} names something that does not exist (any longer): write where it is now`).toEqual([])
  })

  test('names files of the source by their full paths', () => {
    const bare = [...text.matchAll(/`([\w.-]+\.(?:ts|mjs|cjs))`/g)].map(([, name]) => name)
    expect(bare, 'there are several files of most names, and a test looks whether a path is there').toEqual([])
  })
})

test('a path that a document names may have parts that stand for any name', () => {
  const paths = [
    'rules/<id>.ts',
    'src/systems/<id>/',
    'src/systems/<id>/tracking.ts',
    'fixtures/systems/<id>/expected.json',
  ]
  expect(paths.filter(path => !isThere(path))).toEqual([])
  expect(['rules/<id>.py', 'src/<id>/nothing.ts', 'src/nothing'].filter(isThere)).toEqual([])
})
