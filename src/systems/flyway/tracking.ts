import { baseName, upwards } from '../reading/files.ts'
import { utf8 } from '../reading/hash.ts'
import { compareParts } from '../reading/version.ts'
import { crc32, textIn } from '../tracking/checksum.ts'
import { isTrue } from '../tracking/listed.ts'
import { place } from '../tracking/setting.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Item, Recorded, Row, Tracking } from '../tracking/tracking.ts'
import { flywayName, versionParts } from './name.ts'
import { flywaySettings } from './settings.ts'

/** flyway-core: JdbcTableSchemaHistory, ChecksumCalculator, MigrationInfoServiceImpl.refresh, MigrationInfoImpl.validate. */
export const flyway: Tracking = {
  table: tableNames.flyway[0],
  columns: ['version', 'description', 'type', 'script', 'checksum', 'installed_on', 'success'],
  order: ['installed_rank'],
  configured: (tree, directory) => {
    const settings = upwards(directory)
      .map(dir => flywaySettings(tree, dir))
      .find(found => found !== null)
    return place(settings?.table, settings?.schema)
  },
  records: (rows, { items }) => {
    const standing = new Map<string, Recorded>()
    let baseline: readonly bigint[] | null = null
    for (const row of rows) {
      const key = keyOf(row)
      const type = row.type ?? ''
      if (type === 'SCHEMA') continue
      if (/BASELINE$/.test(type)) baseline = versionParts(row.version ?? '')
      else if (/^(UNDO_|DELETE$)/.test(type)) {
        if (isTrue(row, 'success')) standing.delete(key)
      } else standing.set(key, recordOf(row, key))
    }
    const below = items.filter(item => !item.repeatable && baseline && compareParts(versionOf(item), baseline) <= 0)
    const implied = below
      .filter(item => !standing.has(itemKey(item)))
      .map(
        (item): Recorded => ({
          id: item.id,
          keys: [itemKey(item)],
          at: null,
          state: 'applied',
          checksum: null,
          implied: true,
        }),
      )
    return [...implied, ...standing.values()]
  },
  keys: () => item => [itemKey(item)],
  title: ({ path }) => shortOnly(flywayName(baseName(path))?.description),
  comparedBy: 'the CRC-32 of its lines',
  matching:
    () =>
    ({ checksum }, content, { migration, repeatable }) => {
      if (checksum === null || migration.opaque !== undefined) return null
      const text = textIn(content)
      if (text === null) return null
      const same = Number(checksum) === checksumOf(text)
      // A repeatable migration is compared after its placeholders are filled in, and their values are not known here.
      return same || !(repeatable && text.includes('${')) ? same : null
    },
  failed: 'Flyway refuses to migrate until "flyway repair" takes it out of the history',
  notices: (recorded, { items }) => {
    const implied = recorded.filter(each => each.implied).length
    return implied === 0 || items.length === 0
      ? []
      : [`${implied} of them are not above the baseline, so Flyway treats them as applied.`]
  },
}

/** Line ends do not count, and neither does a byte order mark. */
function checksumOf(text: string): number {
  return crc32(utf8(text.replace(/^\ufeff/, '').replace(/\r\n|\r|\n/g, '')))
}

function recordOf(row: Row, key: string): Recorded {
  const title = shortOnly(row.description ?? undefined)
  return {
    id: row.script ?? key,
    keys: [key],
    at: row.installed_on ?? null,
    state: isTrue(row, 'success') ? 'applied' : 'failed',
    checksum: row.checksum ?? null,
    ...(title !== undefined && { title }),
  }
}

/** Longer ones are cut to 200 characters (AbbreviationUtils), and an empty one is replaced by other words. */
function shortOnly(description: string | undefined): string | undefined {
  return description === undefined || description.length >= 200 || /^(<< no description >>)?$/.test(description)
    ? undefined
    : description
}

function keyOf({ version, description }: Row): string {
  return version === null || version === undefined ? `R ${description}` : `V ${canonical(versionParts(version) ?? [])}`
}

function itemKey(item: Item): string {
  return item.repeatable ? `R ${item.id}` : `V ${canonical(versionOf(item))}`
}

function versionOf({ id }: Item): readonly bigint[] {
  return versionParts(id) ?? []
}

function canonical(version: readonly bigint[]): string {
  return version.join('.')
}
