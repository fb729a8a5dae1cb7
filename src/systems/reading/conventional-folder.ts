import { contains, type Tree } from './tree.ts'

/** Where projects keep their migrations by convention, the likeliest first. */
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

/** Names that show that a folder contains migrations, wherever it is. */
const telling = conventionalFolders.filter(folder => /migrat/.test(folder))

/**
 * The folders among these that probably contain migrations although no system is recognised: those with such a name at
 * any depth that contain `.sql` at any depth; if there are none, the usual folder in the root of a project, or the root
 * itself if it has numbered files.
 */
export function likelyFolders(tree: Tree, folders: readonly string[], isElse: boolean): readonly string[] {
  const holding = folders.filter(folder => tree.list(folder).some(({ name }) => /\.sql$/i.test(name)))
  const usual = isElse ? conventionalFolders.filter(folder => folders.includes(folder)).slice(0, 1) : []
  const named = folders.filter(folder => telling.some(end => folder === end || folder.endsWith(`/${end}`)))
  const filled = [...usual, ...named.filter(folder => holding.some(holder => contains(folder, holder)))]
  const isNumbered = tree.list('').some(({ name }) => /^v?\d.*\.sql$/i.test(name))
  if (filled.length === 0 && isElse && isNumbered) return ['']
  return [...new Set(filled)].filter(folder => !filled.some(other => other !== folder && contains(other, folder)))
}
