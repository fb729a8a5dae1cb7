import { contains, type Tree } from './tree.ts'

/** Where projects keep their migrations when nobody says otherwise, likeliest first. */
export const conventionalFolders = [
  'migrations',
  'db/migrations',
  'db/migrate',
  'database/migrations',
  'supabase/migrations',
  'prisma/migrations',
  'drizzle',
  'src/main/resources/db/migration',
  'src/migrations',
  'sql/migrations',
  'sql',
] as const

/** Names by which a folder is known for one of migrations wherever it stands. */
const telling = conventionalFolders.filter(folder => /migrat/.test(folder))

/**
 * Of these folders the one that is usual in the root of a project; without it, those further down that are called so. Only
 * folders with `.sql` in them or below them count.
 */
export function likelyFolders(tree: Tree, folders: readonly string[]): readonly string[] {
  const usual = conventionalFolders.find(folder => folders.includes(folder))
  if (usual !== undefined) return [usual]
  const holding = folders.filter(folder => tree.list(folder).some(({ name }) => /\.sql$/i.test(name)))
  const named = folders.filter(folder => telling.some(end => folder.endsWith(`/${end}`)))
  const filled = named.filter(folder => holding.some(holder => contains(folder, holder)))
  return filled.filter(folder => !filled.some(other => other !== folder && contains(other, folder)))
}
