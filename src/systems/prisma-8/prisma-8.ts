import type { Node } from 'jsonc-parser'
import type { Discrepancy } from '../../migration/discrepancy.ts'
import type { Part } from '../../migration/migration.ts'
import { databaseNamed } from '../../parse/database-name.ts'
import { jsonTree, strictJsonValue } from '../../parse/json.ts'
import { append } from '../../parse/list.ts'
import { allInOneTransaction } from '../reading/execution.ts'
import { hasFile, join, namesIn, parentOf, readMigrations, textOf } from '../reading/files.ts'
import { sha256, utf8 } from '../reading/hash.ts'
import { json, record } from '../reading/manifest.ts'
import type { Tree } from '../reading/tree.ts'
import { compareUnits } from '../reading/version.ts'
import type { Aside, IntegrityFile, System } from '../system.ts'

const operations = 'ops.json'
const description = 'migration.json'

/**
 * Prisma 8: folders with migration.json, which names the two contracts that the migration connects, and ops.json, which
 * contains the SQL.
 */
export const prisma8: System = {
  id: 'prisma-8',
  title: 'Prisma 8',

  facts: {
    order: 'the shortest path of contracts, `from` to `to` in migration.json',
    down: 'none',
    // PostgresMigrationRunner.execute, packages/3-targets/3-targets/postgres/src/core/migrations/runner.ts
    transaction: 'one around all pending migrations, statement by statement',
    optOut: null,
    history: {
      checksum: 'SHA-256 of migration.json and ops.json',
    },
  },

  detect(tree, dir) {
    const [first] = edges(tree, dir)
    if (!first) return null
    const target = database(textOf(tree, first.path) ?? '')
    const dialect = target === null || target === 'postgresql' ? {} : { dialect: target }
    return { directory: dir, sign: 'file', because: first.path, ...dialect }
  },

  migrations(tree, directory) {
    const all = edges(tree, directory)
    const path = pathOf(all, refOf(tree, directory))
    const read = readMigrations(tree, path, ({ id }) => ({ id, execution: allInOneTransaction, runner, parts }))
    const aside = all.filter(edge => !path.includes(edge))
    const asides = aside.map((edge): Aside => {
      const why = 'Prisma takes other migrations on the way from a new database to the newest contract'
      return { path: edge.path, kind: 'never-runs', why }
    })
    return { ...read, asides }
  },

  integrity: (tree, directory) => edges(tree, directory).map(edge => attested(tree, edge)),
}

/**
 * readMigrationPackage (packages/1-framework/3-tooling/migration/src/io.ts) computes the hash of migration.json and
 * ops.json whenever it reads the two. Until 0.16 the hash began with the name of its algorithm, and covered something
 * else.
 */
function attested(tree: Tree, { path }: Edge): IntegrityFile {
  const described = join(parentOf(path), description)
  const text = textOf(tree, described) ?? ''
  const { migrationHash } = json(text)
  const file = { path: described, covers: [path] }
  if (typeof migrationHash !== 'string' || migrationHash.includes(':')) return { ...file, discrepancies: [] }
  const hash = packageHash(text, textOf(tree, path) ?? '')
  if (hash === null || migrationHash === hash) return { ...file, discrepancies: [] }
  const node = member(jsonTree(text), 'migrationHash')
  const discrepancy: Discrepancy = {
    at: node ? [node.offset, node.offset + node.length] : [0, 0],
    severity: 'error',
    does: 'Prisma 8 refuses the migration as corrupt',
    what: `its hash is not that of ${description} and ${operations}`,
    help: 'Put both files back as they were. If no database has it yet, write them again: run the `migration.ts` of the folder by `node`.',
    about: [path],
  }
  return { ...file, discrepancies: [discrepancy] }
}

/** computeMigrationHash (hash.ts next to it), from the texts of migration.json and ops.json; null if the latter is not JSON. */
export function packageHash(described: string, operationList: string): string | null {
  const { migrationHash: _, ...metadata } = json(described)
  const all = strictJsonValue(operationList)
  if (all === undefined) return null
  const hashes = [metadata, all].map(part => sha256(utf8(canonicalizeJson(part))))
  return sha256(utf8(canonicalizeJson(hashes)))
}

/** packages/1-framework/1-core/framework-components/src/utils/canonicalize-json.ts. */
function canonicalizeJson(whole: unknown): string {
  return JSON.stringify(whole, (_, each: unknown) => {
    const object = record(each)
    return object ? Object.fromEntries(Object.entries(object).sort(([a], [b]) => compareUnits(a, b))) : each
  })
}

const runner = {
  name: 'Prisma 8',
  outsideTransaction: () =>
    'By hand, before the migrations are run (Prisma 8 runs all of them in one transaction, and has no way out of it)',
  laterMigration: () => 'In a migration that is deployed later',
}

/** A migration leads from one contract, or from nothing, to another. */
interface Edge {
  readonly id: string
  /** The sum of its ops.json. */
  readonly path: string
  readonly from: string | null
  readonly to: string
}

function edges(tree: Tree, dir: string): Edge[] {
  return namesIn(tree, dir, 'directory').flatMap((id): Edge[] => {
    const path = join(dir, `${id}/${operations}`)
    const described = join(dir, `${id}/${description}`)
    if (!hasFile(tree, path) || !hasFile(tree, described)) return []
    const { from, to } = json(textOf(tree, described) ?? '')
    return typeof to === 'string' ? [{ id, path, from: typeof from === 'string' ? from : null, to }] : []
  })
}

/** The contract that a reference names; of several the first by name, as none is better than another. */
function refOf(tree: Tree, directory: string): string | null {
  const [name] = namesIn(tree, join(directory, 'refs')).filter(file => file.endsWith('.json'))
  const { hash } = name === undefined ? {} : json(textOf(tree, join(directory, `refs/${name}`)) ?? '')
  return typeof hash === 'string' ? hash : null
}

/**
 * The shortest path from an empty database to a contract: the newest contract that no migration continues, or the one
 * that a reference names. Among paths of the same length, the one whose names come first. If there is no beginning, all
 * migrations in the order of their names.
 */
function pathOf(all: readonly Edge[], ref: string | null): readonly Edge[] {
  const reached = new Map<string, readonly Edge[]>()
  let front = all.filter(({ from }) => from === null).map(edge => [edge])
  while (front.length > 0) {
    const next: Edge[][] = []
    for (const way of front) {
      const to = way.at(-1)?.to ?? ''
      if (reached.has(to)) continue
      reached.set(to, way)
      append(
        next,
        all.filter(({ from }) => from === to).map(edge => [...way, edge]),
      )
    }
    front = next
  }
  const ends = [...reached.keys()].filter(hash => !all.some(edge => edge.from === hash && edge.to !== hash))
  const newest = ends.sort(
    (a, b) => compareUnits(lastName(reached.get(b)), lastName(reached.get(a))) || compareUnits(b, a),
  )[0]
  return (newest === undefined ? reached.get(ref ?? '') : reached.get(newest)) ?? all
}

function lastName(way: readonly Edge[] | undefined): string {
  return way?.at(-1)?.id ?? ''
}

/** The SQL of `execute`, in order: the insides of JSON strings. Checks before and after it only read. */
function parts(text: string): Part[] {
  const tree = jsonTree(text)
  return (tree?.children ?? []).flatMap(operation =>
    (member(operation, 'execute')?.children ?? []).flatMap((step): Part[] => {
      const sql = member(step, 'sql')
      if (sql?.type !== 'string') return []
      return [{ span: [sql.offset + 1, sql.offset + sql.length - 1], notation: 'json' }]
    }),
  )
}

function database(text: string): string | null {
  const target = member(jsonTree(text)?.children?.[0], 'target')
  const id: unknown = member(target, 'id')?.value
  return typeof id === 'string' ? (databaseNamed(id) ?? id) : null
}

function member(object: Node | undefined, key: string): Node | undefined {
  return object?.children?.find(({ children }) => children?.[0]?.value === key)?.children?.[1]
}
