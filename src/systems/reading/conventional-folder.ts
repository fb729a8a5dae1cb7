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
 * Of these folders those that migrations are likely in, although no system is known by them: what is called so at any depth,
 * with `.sql` in it or below it; and, when nothing else is there, the folder that is usual in the root of a project, or the
 * root itself when it has numbered files.
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
