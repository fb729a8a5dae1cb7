import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ReportedFinding } from '../../src/index.ts'
import { lintTree } from '../../src/index.ts'
import { WorkingTree } from '../../src/node/disk/working-tree.ts'
import { type Server, startServer } from '../postgres/servers/server.ts'
import '../kit/grammars.ts'
import { type CodeTool, codeTools, type Project, projectOf } from './kit/advised.ts'
import { debianTools, withoutDebian } from './kit/advised-debian.ts'
import { elixirTools, withoutEcto } from './kit/advised-elixir.ts'
import { goTools, withoutGo } from './kit/advised-go.ts'
import { javaTools, withoutJava } from './kit/advised-java.ts'
import { pythonTools } from './kit/advised-python.ts'
import { sqlTools, withoutDbmate } from './kit/advised-sql.ts'
import { withoutPython } from './kit/python.ts'

// What people do with advice: they put its code into new migrations of their tool, which then runs them on a server. The server takes them all, the result
// is that of the dangerous statement, and none of the new migrations has the finding.

const rows = [
  'INSERT INTO customers SELECT generate_series(1, 50)',
  "INSERT INTO orders SELECT i, i % 50 + 1, 'n', i::text, i FROM generate_series(1, 3000) i",
]
const tables = [
  'CREATE TABLE customers (id bigint PRIMARY KEY)',
  'CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, note text, code text, total int)',
  'CREATE INDEX orders_code ON orders (code)',
]

/** A dangerous statement, the rule that reports it, and what the catalog says once it, or what the advice does instead, has run. */
const dangers: readonly (readonly [rule: string, sql: string, check: string])[] = [
  [
    'blocking-index-build',
    'CREATE INDEX orders_note ON orders (note)',
    "SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_note'::regclass",
  ],
  ['blocking-index-drop', 'DROP INDEX orders_code', "SELECT to_regclass('orders_code') IS NULL"],
  [
    'foreign-key-without-not-valid',
    'ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id)',
    "SELECT convalidated FROM pg_constraint WHERE conname = 'orders_customer'",
  ],
  [
    'check-without-not-valid',
    'ALTER TABLE orders ADD CONSTRAINT orders_total CHECK (total > 0)',
    "SELECT convalidated FROM pg_constraint WHERE conname = 'orders_total'",
  ],
  [
    'set-not-null',
    'ALTER TABLE orders ALTER COLUMN note SET NOT NULL',
    "SELECT attnotnull AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'orders_note_not_null' AND contype = 'c') FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'note'",
  ],
  [
    'unique-constraint',
    'ALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE (code)',
    "SELECT convalidated FROM pg_constraint WHERE conname = 'orders_code_key'",
  ],
  [
    'drop-column',
    'ALTER TABLE orders DROP COLUMN note',
    "SELECT NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'note')",
  ],
  [
    'add-column-volatile-default',
    'ALTER TABLE orders ADD COLUMN mark uuid DEFAULT gen_random_uuid()',
    'SELECT count(DISTINCT mark) = 3000 FROM orders',
  ],
]

/** What rules report about the later steps in any case: a column goes, and the files do not show that a run is without a transaction. */
const expected = (rule: string, { isByRun }: CodeTool) =>
  rule === 'drop-column' || (isByRun === true && /^(?:concurrently-in-transaction|certain-failure)$/.test(rule))

const why = withoutPython()
const missing = [
  why && `Alembic and Django are not run: ${why}.`,
  ...withoutDebian,
  withoutEcto,
  withoutGo,
  withoutJava,
  withoutDbmate,
]
for (const each of missing) if (each !== null) console.warn(each)

const all: Readonly<Record<string, CodeTool>> = {
  ...codeTools,
  ...(why === null && pythonTools),
  ...debianTools,
  ...elixirTools,
  ...goTools,
  ...javaTools,
  ...sqlTools,
}
let server: Server
beforeAll(async () => {
  server = await startServer(17)
})
afterAll(async () => {
  for (const { end } of Object.values(all)) end?.()
  await server.stop()
})

describe.each(Object.entries(all))('%s', (system, tool) => {
  test.each(dangers)('%s: its advice runs, and is without the finding', async (rule, sql, check) => {
    const project = projectOf(tool)
    const inCode = (statements: readonly string[]) => statements.map(each => tool.sql(each)).join(tool.between ?? '\n')
    try {
      await inNewDatabase(async url => {
        const migrations = new Migrations(project, tool, url)
        await migrations.add(tool.tables ?? inCode(tables), false)
        await migrations.add(inCode(rows), false)
        migrations.write(tool.sql(sql), false)
        const finding = (await migrations.findings(project.folder)).find(each => each.rule === rule)
        if (!finding) throw new Error(`${system} has no such finding`)
        migrations.takeBack()
        const steps = stepsOf(finding, tool)
        expect(steps).not.toEqual([])
        const first = migrations.count
        for (const { code, isOutside, words } of steps) await migrations.add(code, isOutside, words)
        const later = (await migrations.findings(project.folder)).filter(({ path }) => migrations.isSince(path, first))
        const left = later.filter(
          each => (each.rule === rule || each.severity === 'error') && !expected(each.rule, tool),
        )
        expect(left.map(each => `${each.rule}: ${each.message}`)).toEqual([])
        expect(await migrations.ask(check)).toEqual([true])
      })
    } finally {
      project.remove()
    }
  })
})

interface Step {
  readonly code: string
  readonly isOutside: boolean
  readonly words: string
}

/** The code of advice, as migrations: prose says where a new one begins, and which of them is in no transaction. */
function stepsOf({ help }: ReportedFinding, { isSql, between = '\n' }: CodeTool): Step[] {
  const steps: { code: string[]; isOutside: boolean; words: string[] }[] = []
  let isOwn = true
  for (const part of help) {
    if (typeof part === 'string') {
      isOwn = !/^(?:Or in SQL|In its model)/.test(part)
      const isOutside = /of its own/.test(part)
      if (isOwn && (steps.length === 0 || isOutside || /later (?:migration|change set)/.test(part)))
        steps.push({ code: [], isOutside, words: [] })
      steps.at(-1)?.words.push(part)
    } else if (isOwn && (part.language === 'sql') === (isSql === true)) steps.at(-1)?.code.push(part.code)
  }
  return steps
    .filter(({ code }) => code.length > 0)
    .map(({ code, isOutside, words }) => ({ code: code.join(between), isOutside, words: words.join('\n') }))
}

async function inNewDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const admin = await server.connect()
  try {
    await admin.query('DROP DATABASE IF EXISTS shop WITH (FORCE)')
    await admin.query('CREATE DATABASE shop')
    await work(`postgres://postgres:none@127.0.0.1:${server.port}/shop?sslmode=disable`)
  } finally {
    await admin.end()
  }
}

class Migrations {
  readonly #write: (path: string, text: string) => void
  readonly #folder: string
  readonly #tool: CodeTool
  readonly #url: string
  readonly #paths: string[] = []
  readonly #texts: string[] = []

  constructor({ folder, write }: ReturnType<typeof projectOf>, tool: CodeTool, url: string) {
    this.#write = write
    this.#folder = folder
    this.#tool = tool
    this.#url = url
  }

  get count(): number {
    return this.#paths.length
  }

  write(code: string, isOutside: boolean, words = ''): void {
    const number = this.count + 1
    const [path, text] = [this.#tool.path(number), this.#tool.migration(code, number, isOutside, words)]
    this.#write(path, text)
    if (isOutside && this.#tool.outside) this.#write(...this.#tool.outside(path))
    this.#paths.push(path)
    this.#texts.push(text)
  }

  /** Puts the next migration where the last one is. */
  takeBack(): void {
    this.#paths.pop()
    this.#texts.pop()
  }

  async add(code: string, isOutside: boolean, words = ''): Promise<void> {
    this.write(code, isOutside, words)
    const project: Project = { folder: this.#folder, paths: this.#paths, texts: this.#texts, url: this.#url }
    await this.#tool.apply(project, isOutside)
  }

  async findings(folder: string): Promise<readonly ReportedFinding[]> {
    return (await lintTree(new WorkingTree(folder))).findings
  }

  isSince(path: string, first: number): boolean {
    return this.#paths.slice(first).includes(path)
  }

  async ask(sql: string): Promise<unknown[]> {
    const client = await server.connect('shop')
    try {
      const { rows } = await client.query(sql)
      return rows.map(row => Object.values(row)[0])
    } finally {
      await client.end()
    }
  }
}
