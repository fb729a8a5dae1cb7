import { describe, expect, test } from 'vitest'
import { commit, git, lastCommit, repository, write } from '../kit/git.ts'
import { migrateLint } from './kit/program.ts'

const first =
  'CREATE TABLE orders (id bigint PRIMARY KEY, note text, region text);\nCREATE TABLE users (id bigint PRIMARY KEY);\n'
const drop = "SET lock_timeout = '1s';\nALTER TABLE orders DROP COLUMN note;\n"
const model = "@Entity('orders')\nexport class Order {\n  @Column() note: string\n  @Column() region: string\n}\n"
const without = model.replace('  @Column() note: string\n', '')

interface Finding {
  readonly rule: string
  readonly severity: string
  readonly message: string
  readonly code?: string
  readonly related?: readonly {
    readonly path: string
    readonly start: { readonly line: number; readonly column: number }
  }[]
}

async function dropped(cwd: string, args: readonly string[] = []): Promise<Finding | undefined> {
  const { stdout, stderr } = await migrateLint([...args, '-f', 'json'], { cwd })
  expect(stderr).not.toContain('internal error')
  return JSON.parse(stdout).findings.find((finding: Finding) => finding.rule === 'drop-column')
}

describe('code that uses a dropped column', () => {
  test('is named in the message and as a related place', async () => {
    const cwd = repository({ 'db/1.sql': first, 'src/order.ts': model })
    write(cwd, { 'db/2.sql': drop })
    const finding = await dropped(cwd, ['db'])
    expect(finding).toMatchObject({ severity: 'error', code: 'used' })
    expect(finding?.message).toMatch(/It is still used in src\/order\.ts:3\.$/)
    expect(finding?.related).toMatchObject([{ path: 'src/order.ts', start: { line: 3, column: 13 } }])
  })

  test('is deployed where the same change takes it out of the code', async () => {
    const cwd = repository({ 'db/1.sql': first, 'src/order.ts': model })
    commit(cwd, { 'db/2.sql': drop, 'src/order.ts': without })
    const finding = await dropped(cwd, ['db'])
    expect(finding).toMatchObject({ severity: 'error', code: 'deployed' })
    expect(finding?.message).toContain('The code that is deployed still uses it (main: src/order.ts:3).')
    expect(finding).toMatchObject({ deployed: [{ name: 'note', base: 'main', path: 'src/order.ts', line: 3 }] })
    expect(finding).not.toHaveProperty('related')
    expect(finding?.message).toContain('in the next release')
  })

  test('is a warning that says what was searched if there is none', async () => {
    const cwd = repository({ 'db/1.sql': first, 'src/order.ts': without })
    commit(cwd, { 'db/2.sql': drop })
    const finding = await dropped(cwd, ['db'])
    expect(finding).toMatchObject({ severity: 'warning', code: 'not found' })
    expect(finding?.message).toContain('1 file was searched, and 1 of them names "orders".')
    const { code } = await migrateLint(['db'], { cwd })
    expect(code).toBe(0)
  })

  test('stays an error if the configuration says so', async () => {
    const cwd = repository({ 'db/1.sql': first, 'src/order.ts': without })
    commit(cwd, { 'db/2.sql': drop })
    expect(await dropped(cwd, ['db', '--rule', 'drop-column=error'])).toMatchObject({
      severity: 'error',
      code: 'not found',
    })
  })

  test('is not asked about if the migration gives the name to another column', async () => {
    const cwd = repository({ 'db/1.sql': first, 'src/order.ts': model })
    const renamed = 'ALTER TABLE orders ADD COLUMN other text;\nALTER TABLE orders RENAME COLUMN other TO note;\n'
    commit(cwd, { 'db/2.sql': drop + renamed })
    expect(await dropped(cwd, ['db'])).not.toHaveProperty('code')
    const unknown = (sql: string) => sql.replaceAll('orders', 'purchases')
    commit(cwd, { 'db/3.sql': unknown(drop + renamed), 'src/purchase.ts': unknown(model) })
    expect(await dropped(cwd, ['db/3.sql'])).not.toHaveProperty('code')
  })

  test('is not asked about for a migration that the base has', async () => {
    const cwd = repository({ 'db/1.sql': first, 'db/2.sql': drop, 'src/order.ts': model })
    expect(await dropped(cwd, ['db'])).not.toHaveProperty('code')
  })

  test('is not looked for where the configuration says so', async () => {
    const config = (code: unknown) => ({ 'migrate-lint.config.json': JSON.stringify({ code }) })
    const cwd = repository({ 'db/1.sql': first, 'src/order.ts': model, 'api/order.ts': without, ...config(false) })
    commit(cwd, { 'db/2.sql': drop })
    expect(await dropped(cwd, ['db'])).not.toHaveProperty('code')
    write(cwd, config({ ignore: ['src/**'] }))
    expect(await dropped(cwd, ['db'])).toMatchObject({ code: 'not found' })
    write(cwd, config({ paths: ['src'] }))
    expect(await dropped(cwd, ['db'])).toMatchObject({ code: 'used' })
  })

  test('is left out where .gitattributes calls it generated or vendored', async () => {
    const cwd = repository({ 'db/1.sql': first, 'gen/order.ts': model, 'src/order.ts': without })
    commit(cwd, { 'db/2.sql': drop })
    expect(await dropped(cwd, ['db'])).toMatchObject({ code: 'used' })
    commit(cwd, { '.gitattributes': 'gen/* linguist-generated\n' })
    expect(await dropped(cwd, ['db'])).toMatchObject({ code: 'not found' })
  })

  test('is that of the index with --staged, and what git does not track is not searched', async () => {
    const cwd = repository({ 'db/1.sql': first, 'src/order.ts': without })
    write(cwd, { 'db/2.sql': drop, 'src/other.ts': model })
    expect(await dropped(cwd, ['db'])).toMatchObject({ code: 'not found' })
    git(cwd, 'add', '-A')
    write(cwd, { 'src/other.ts': without })
    expect(await dropped(cwd, ['db', '--staged'])).toMatchObject({ code: 'used' })
    expect(await dropped(cwd, ['db'])).toMatchObject({ code: 'not found' })
  })

  test('is found from a folder of the repository, under the names that people see there', async () => {
    const cwd = repository({ 'api/db/1.sql': first, 'web/order.ts': model })
    write(cwd, { 'api/db/2.sql': drop })
    const finding = await dropped(`${cwd}/api`, ['db'])
    expect(finding?.message).toContain('It is still used in ../web/order.ts:3.')
    expect(finding?.related).toMatchObject([{ path: '../web/order.ts' }])
  })

  test('says nothing outside of a repository, and where the column comes back', async () => {
    const cwd = repository({ 'db/1.sql': first, 'src/order.ts': model })
    write(cwd, { 'db/2.sql': drop, 'db/3.sql': 'ALTER TABLE orders ADD COLUMN note text;\n' })
    expect(await dropped(cwd, ['db'])).not.toHaveProperty('code')
  })

  test('is that of the commit before with --since', async () => {
    const cwd = repository({ 'db/1.sql': first, 'src/order.ts': model })
    const before = lastCommit(cwd)
    commit(cwd, { 'db/2.sql': drop, 'src/order.ts': without })
    expect((await dropped(cwd, ['db', '--since', before]))?.code).toBe('deployed')
  })
})

const shown: Readonly<Record<string, string>> = {
  text: 'src/order.ts:3:13: "note" is still used here',
  compact: 'src/order.ts:3',
  gcc: 'src/order.ts:3',
  github: 'src/order.ts:3',
  markdown: 'src/order.ts:3',
  html: 'src/order.ts:3',
  sarif: '"startLine":3,"startColumn":13',
  rdjson: '"line": 3',
  junit: 'src/order.ts:3',
  gitlab: 'src/order.ts:3',
  checkstyle: 'src/order.ts:3',
}

test('every format shows the place', async () => {
  const cwd = repository({ 'db/1.sql': first, 'src/order.ts': model })
  write(cwd, { 'db/2.sql': drop })
  for (const [format, place] of Object.entries(shown)) {
    const { stdout } = await migrateLint(['db', '-f', format], { cwd })
    const text = format === 'text' ? stdout.replace(/\s+/g, ' ') : stdout
    expect([format, text.replaceAll('\\', '').includes(place)]).toEqual([format, true])
  }
}, 60_000)
