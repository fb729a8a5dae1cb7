import { baseName, upwards } from '../reading/files.ts'
import { compareBytes } from '../reading/version.ts'
import { applied } from '../tracking/listed.ts'
import { place } from '../tracking/setting.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Recorded, Row, Tracking } from '../tracking/tracking.ts'
import { layoutsOf } from './layout.ts'
import { atlasSettings } from './settings.ts'
import { chain, isIgnored, type SummedFile, summedFiles } from './sum.ts'

/**
 * ariga/atlas: cmd/atlas/internal/migrate/ent/schema/revision.go, sql/migrate/migrate.go (Executor.Pending) and dir.go
 * (NewHashFile). The record of a file is a sum of it and all files before it.
 */
export const atlas: Tracking = {
  table: tableNames.atlas[0],
  columns: ['version', 'description', 'type', 'applied', 'total', 'executed_at', 'hash'],
  more: ['error'],
  order: ['version'],
  configured: (tree, directory) => {
    const [settings] = upwards(directory).flatMap(dir => atlasSettings(tree, dir) ?? [])
    const schemas = settings?.migrations.flatMap(({ revisionsSchema }) => revisionsSchema ?? []) ?? []
    return place(undefined, schemas[0])
  },
  records: (rows, { items }) => {
    const revisions = rows.filter(({ version }) => !version?.startsWith('.'))
    // Files before the first revision, a baseline or a checkpoint, are never checked again.
    const first = revisions[0]?.version ?? null
    const before = items.filter(({ id }) => first !== null && compareBytes(id, first) < 0)
    return [
      ...before.map(({ id }): Recorded => ({ ...applied(id, null), implied: true })),
      ...revisions.map((row, i) => recordOf(row, i === revisions.length - 1)),
    ]
  },
  comparedBy: 'a SHA-256 over it and all files before it',
  matching: ({ project, tree }, recorded) => {
    const [layout = () => []] = layoutsOf(project.system.id)
    const files = summedFiles(tree, project.directory, layout(tree, project.directory))
    const named = (records: readonly Recorded[]) => {
      const known = new Set([...records.map(({ id }) => id), ...project.asides.map(({ path }) => versionOf(path))])
      return files.filter(({ name }) => known.has(versionOf(name)))
    }
    // Files that are sorted before this one but were added after it was applied did not exist then.
    const then = [files, named(recorded), named(recorded.filter(({ implied }) => !implied))]
    const sums = then.map(sumsOf)
    const broken = recorded.find(
      ({ id, checksum, implied }) =>
        checksum && !implied && files.some(({ name }) => versionOf(name) === id) && !has(sums, id, checksum),
    )
    return ({ id, checksum }, content, { path, migration }) => {
      if (!checksum) return null
      // After one sum that differs, all later ones differ too, whatever their files are.
      if (broken && compareBytes(broken.id, id) < 0) return null
      if (content === migration.content) return has(sums, id, checksum)
      const name = baseName(path)
      const changed = then.map(all =>
        all.map(file => (file.name === name ? { name, content, ignored: isIgnored(content) } : file)),
      )
      return has(changed.map(sumsOf), id, checksum)
    }
  },
  failed: 'It is half done: Atlas goes on with the statement that failed',
  isForeign: ({ id }, { project }) => project.asides.some(({ path }) => versionOf(path) === id),
}

/** A half-applied migration is only continued while it is the last; `atlas migrate set` leaves such a row unchanged. */
function recordOf(row: Row, isLast: boolean): Recorded {
  const half = isLast && row.applied !== row.total
  const record = applied(row.version ?? '', row.executed_at ?? null, row.hash)
  return half
    ? { ...record, state: 'failed', detail: row.error || `${row.applied} of ${row.total} statements ran` }
    : record
}

function versionOf(path: string): string {
  return (
    baseName(path)
      .replace(/\.sql$/, '')
      .split('_', 1)[0] ?? ''
  )
}

/** By version. */
type Sums = ReadonlyMap<string, string>

function sumsOf(files: readonly SummedFile[]): Sums {
  return new Map(chain(files).map(({ name, hash }) => [versionOf(name), hash]))
}

function has(all: readonly Sums[], version: string, checksum: string): boolean {
  return all.some(sums => sums.get(version) === checksum.replace(/^h1:/, ''))
}
