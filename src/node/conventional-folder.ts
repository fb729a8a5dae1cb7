import { statSync } from 'node:fs'
import { join } from 'node:path'

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

/** The first conventional folder that is there, with `/`, relative to `root`; or null. */
export function conventionalFolder(root: string): string | null {
  return (
    conventionalFolders.find(folder => statSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory()) ?? null
  )
}
