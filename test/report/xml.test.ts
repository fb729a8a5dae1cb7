import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import type { Report } from '../../src/lint/report.ts'
import { checkstyle } from '../../src/report/checkstyle.ts'
import { junit } from '../../src/report/junit.ts'
import { effect, finding, plain, report, spanOf } from './kit/builder.ts'
import { hostileText, many, oddPaths, reportOf } from './kit/hostile.ts'

const formats = { junit, checkstyle }
const schemas = {
  junit: readFileSync(new URL('junit.xsd', import.meta.url), 'utf8'),
  checkstyle: readFileSync(new URL('checkstyle.xsd', import.meta.url), 'utf8'),
}

/** The document, which libxml2 has to take as well-formed and by its schema valid. */
async function print(format: keyof typeof formats, given: Report): Promise<string> {
  const contents = formats[format](given, plain)
  const { valid, errors } = await validateXML({
    xml: [{ fileName: 'report.xml', contents }],
    schema: [schemas[format]],
    maxMemoryPages: 16_384,
  })
  expect(errors.map(({ message }) => message).slice(0, 3)).toEqual([])
  expect(valid).toBe(true)
  return contents
}

const sql = 'BEGIN;\n  CREATE INDEX i ON orders (email);\n'
const index = finding({
  path: './db/a.sql',
  at: spanOf(sql, 'CREATE INDEX'),
  message: 'Building "i" blocks writes to "orders".',
  why: 'It takes long.',
  help: ['Instead:', { code: 'CREATE INDEX CONCURRENTLY i ON orders (email);', language: 'sql' }],
  effects: [effect({ relation: 'orders', lock: 'ShareLock', work: 'build' })],
})
const note = { ...index, severity: 'note' as const, rule: 'wide-index', at: spanOf(sql, 'orders'), effects: [] }

describe.each(['junit', 'checkstyle'] as const)('%s', format => {
  test('is valid with no file and with no finding', async () => {
    await print(format, report({}))
    await print(format, report({ 'a.sql': sql }))
  })

  test('is valid whatever files are called and whatever is in them', async () => {
    await print(format, reportOf(oddPaths))
    await print(format, reportOf(oddPaths, hostileText))
    await print(format, reportOf(oddPaths, hostileText, 'note'))
  })

  test('is valid with 30,000 findings', async () => {
    await print(format, many())
  })
})

describe('junit (OF-07)', () => {
  test('has a suite per file, a failed case per finding and a passed one for each file without', async () => {
    const given = report({ './db/a.sql': sql, 'db/clean.sql': 'SELECT 1;' }, [index, note])
    expect(`\n${await print('junit', given)}`).toBe(`
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="migrate-lint" tests="3" failures="1" errors="0">
  <testsuite name="db/a.sql" tests="2" failures="1" errors="0">
    <properties>
      <property name="server" value="PostgreSQL 16"/>
    </properties>
    <testcase name="blocking-index-build (line 2, column 3)" classname="db/a.sql">
      <failure type="error" message="Building &quot;i&quot; blocks writes to &quot;orders&quot;.">db/a.sql:2:3
Building &quot;i&quot; blocks writes to &quot;orders&quot;.
orders: ShareLock blocks INSERT, UPDATE, DELETE, for the whole build: longer the larger the table
It takes long.
Instead:
    CREATE INDEX CONCURRENTLY i ON orders (email);
https://example.org/rules/blocking-index-build.md</failure>
    </testcase>
    <testcase name="wide-index (line 2, column 21)" classname="db/a.sql">
      <system-out>db/a.sql:2:21
Building &quot;i&quot; blocks writes to &quot;orders&quot;.
It takes long.
Instead:
    CREATE INDEX CONCURRENTLY i ON orders (email);
https://example.org/rules/blocking-index-build.md</system-out>
    </testcase>
  </testsuite>
  <testsuite name="db/clean.sql" tests="1" failures="0" errors="0">
    <properties>
      <property name="server" value="PostgreSQL 16"/>
    </properties>
    <testcase name="no findings" classname="db/clean.sql"/>
  </testsuite>
</testsuites>
`)
  })
})

describe('checkstyle (OF-08)', () => {
  test('has a file with its findings, and where each comes from', async () => {
    const given = report({ './db/a.sql': sql, 'db/clean.sql': 'SELECT 1;' }, [index, note])
    expect(`\n${await print('checkstyle', given)}`).toBe(`
<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
  <file name="db/a.sql">
    <error line="2" column="3" severity="error" message="Building &quot;i&quot; blocks writes to &quot;orders&quot;." source="migrate-lint.blocking-index-build"/>
    <error line="2" column="21" severity="info" message="Building &quot;i&quot; blocks writes to &quot;orders&quot;." source="migrate-lint.wide-index"/>
  </file>
</checkstyle>
`)
  })
})
