import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changesetsIn } from '../../../src/systems/liquibase/document.ts'
import '../../kit/grammars.ts'
import { classPathOf, withoutJava } from '../../systems/kit/java.ts'
import { sent } from '../kit/sent.ts'
import { changes } from './kit/liquibase-changes.ts'
import { Tally } from './kit/tally.ts'

// Generated changes, one in each change set, that Liquibase writes as SQL without a server (`update-sql`), and those recorded.

const why = withoutJava()
if (why !== null) console.warn(`Liquibase is not compared: ${why}.`)

const start = 'liquibase.integration.commandline.LiquibaseCommandLine'
const root = 'databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"'
const reader = changesetsIn(() => ({
  included: { context: '', isConditional: false },
  properties: new Map(),
  schema: 'public',
  file: () => null,
}))

describe.skipIf(why !== null)('what Liquibase sends', () => {
  test('changes of all kinds', async () => {
    const recorded = readFileSync(new URL('recorded/liquibase/changelog.xml', import.meta.url), 'utf8')
    const own = [...recorded.matchAll(/<changeSet id="(?:[1-9]|10)" author="a">(.*?)<\/changeSet>/g)].map(
      ([, inside = '']) => inside.replaceAll('$' + '{now}', 'now()'),
    )
    expect(own).toHaveLength(10)
    const cases = [...own, ...fc.sample(changes, { seed: 13, numRuns: 1000 })]
    const ran = written(cases)
    const tally = new Tally('Liquibase 4.33')
    for (const [i, change] of cases.entries()) {
      const read = await sent(reader, `<${root}>${changeSet(change, i)}</databaseChangeLog>`, 'up', 'a.xml')
      // Nothing is sent where Liquibase fails, as the change set allows.
      const real = ran.get(i) ?? []
      tally.compare(change, real.length === 0 && !change.startsWith('<tagDatabase') ? null : real, read, plainly)
    }
    tally.print()
    expect(tally.claimed.slice(0, 25)).toEqual([])
    expect(tally.exact).toBeGreaterThan(950)
  }, 600_000)
})

function changeSet(inside: string, id: number, more = ''): string {
  return `<changeSet id="${id}" author="a"${more}>${inside}</changeSet>`
}

/** The statements of each change set, by its number. */
function written(cases: readonly string[]): Map<number, string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'liquibase-'))
  try {
    const schema =
      'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd"'
    writeFileSync(
      join(directory, 'a.xml'),
      `<${root} ${schema}>\n${cases.map((each, i) => changeSet(each, i, ' failOnError="false"')).join('\n')}\n</databaseChangeLog>\n`,
    )
    const url = '--url=offline:postgresql?changeLogFile=log.csv&outputLiquibaseSql=none'
    const output = execFileSync(
      'java',
      ['-cp', classPathOf('liquibase'), start, '--changelog-file=a.xml', url, 'update-sql'],
      {
        cwd: directory,
        maxBuffer: 1 << 28,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    const parts = output.toString('utf8').split(/^-- Changeset a\.xml::(\d+)::a\n/m)
    return new Map(
      parts.slice(1).flatMap((part, i): [number, string[]][] => {
        const statements = (parts[i + 2] ?? '').split(/;\n\n/).map(each => each.trim())
        return i % 2 === 0 ? [[Number(part), statements.filter(each => each !== '')]] : []
      }),
    )
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Without a server there is no schema to write before names, and which words are reserved is not known. The foreign keys of a table have an order of chance. */
function plainly(statements: readonly string[]): string[] {
  return statements.map(sql =>
    sql
      .replace(/;$/, '')
      .replace(/"([a-z]+)"/g, '$1')
      .replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[^'"]+/g, part => (/^['"]/.test(part) ? part : part.toLowerCase()))
      .replace(/(?<![\w"])public\./g, '')
      .replace(/\s+/g, ' ')
      .replace(/\s*([(),])\s*/g, '$1')
      .replace(/(?:,constraint fk foreign key\((?:[^()]|\([^()]*\))*\)references o\(id\)[^,()]*)+/g, keys =>
        keys
          .split(/(?=,constraint)/)
          .sort()
          .join(''),
      )
      .trim(),
  )
}
