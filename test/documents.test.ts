import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { systemIds } from '../src/migration/system-id.ts'
import { newestVersion, oldestVersion, supportedVersions } from '../src/postgres/version.ts'
import { tableNames } from '../src/systems/tracking/table-names.ts'

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

test('README says of how many systems it is known where they record what is applied', () => {
  const tracked = systemIds.filter(id => tableNames[id].length > 0).length
  expect(textOf('README.md')).toContain(`(all ${tracked} tools are known`)
})

test('there is a package with a server of each supported version', () => {
  const { optionalDependencies } = JSON.parse(textOf('test/postgres/servers/package.json')) as {
    optionalDependencies: Record<string, string>
  }
  const missing = supportedVersions.filter(version => !Object.hasOwn(optionalDependencies, `postgres-${version}`))
  expect(missing, 'add "postgres-N" to test/postgres/servers/package.json').toEqual([])
})
