import type { MigrationInput } from '../../../src/migration/migration.ts'
import { projectIn } from '../../../src/systems/discover.ts'
import { inputsOf } from '../../../src/systems/inputs.ts'
import { integrityOf, withIntegrity } from '../../../src/systems/integrity.ts'
import { mapTree } from '../../../src/systems/reading/tree.ts'
import { loadOnDemand } from '../../kit/on-demand.ts'

// Pages are read synchronously, where the program would load this first.
await loadOnDemand()

/** A block of a page as a file of a migration system: `2_example.sql`. */
export interface SystemFile {
  readonly name: string
  readonly sql: string
  /** Files of its folder: name → text; `#` in a name stands for the name of the block's own file. */
  readonly beside: Readonly<Record<string, string>>
}

/** The path of the file and the other files that a system needs; by default `db/2_example.sql` alone. */
interface Layout {
  place?(stem: string): string
  around?(stems: readonly string[]): Readonly<Record<string, string>>
}

const layouts: Readonly<Record<string, Layout>> = {
  alembic: { place: stem => `${stem}.py` },
  diesel: { place: stem => `${stem}/up.sql` },
  drizzle: {
    around: stems => ({
      'meta/_journal.json': JSON.stringify({
        version: '7',
        dialect: 'postgresql',
        entries: stems.map((tag, idx) => ({ idx, version: '7', when: 1700000000000 + idx, tag, breakpoints: true })),
      }),
    }),
  },
  'ef-core': {
    place: stem => `${stem.replace(/^\d+/, number => number.padStart(14, '0'))}.cs`,
    around: () => ({ 'ShopModelSnapshot.cs': 'modelBuilder.HasAnnotation("ProductVersion", "9.0.4");\n' }),
  },
  flyway: { place: stem => `V${stem.replace('_', '__')}.sql` },
  'golang-migrate': { place: stem => `${stem}.up.sql` },
  'graphile-migrate': { place: stem => `committed/00000${stem.replace('_', '-')}.sql` },
  hasura: { place: stem => `${stem}/up.sql` },
  knex: { place: stem => `${stem}.js` },
  prisma: {
    place: stem => `${stem}/migration.sql`,
    around: () => ({ 'migration_lock.toml': 'provider = "postgresql"\n' }),
  },
  typeorm: { place: stem => `${stem}.ts` },
  refinery: { place: stem => `V${stem.replace('_', '__')}.sql` },
}

/**
 * The block called `name` as its system's adapter passes it to the engine, under its own name. Throws if the adapter returns no migration
 * for it.
 */
export function migrationOf(system: string, files: readonly SystemFile[], name: string): MigrationInput {
  const { place = (stem: string) => `${stem}.sql`, around } = layouts[system] ?? {}
  const stems = files.map(file => file.name.replace(/\.sql$/, ''))
  const tree: Record<string, string> = {}
  const paths = new Map<string, string>()
  for (const [i, file] of files.entries()) {
    const path = `db/${place(stems[i] ?? '')}`
    const folder = path.slice(0, path.lastIndexOf('/'))
    const own = path.slice(folder.length + 1)
    tree[path] = file.sql
    for (const [beside, text] of Object.entries(file.beside)) tree[`${folder}/${beside.replace('#', own)}`] = text
    paths.set(file.name, path)
  }
  for (const [path, text] of Object.entries(around?.(stems) ?? {})) tree[`db/${path}`] ??= text
  const map = mapTree(tree)
  const project = projectIn(map, 'db', { transaction: () => 'unknown' }, system)
  const inputs = withIntegrity(inputsOf(project, map), integrityOf(project, map), map)
  const found = inputs.find(({ path }) => path === paths.get(name))
  if (!found || project.system.id !== system) throw new Error(`${system} knows nothing of ${paths.get(name)}`)
  return { ...found, path: name }
}
