import type { Aside } from '../system.ts'

/**
 * The files that take a version back (`.down.sql`), which are not linted as migrations, including those whose version
 * has no migration.
 */
export function undoFiles(
  files: readonly { readonly id: string; readonly direction: string; readonly path: string }[],
): Aside[] {
  const ups = new Set(files.filter(({ direction }) => direction !== 'down').map(({ id }) => id))
  return files
    .filter(({ direction }) => direction === 'down')
    .map(({ path, id }) => {
      const why = ups.has(id) ? `it takes version ${id} back` : `it takes back version ${id}, which does not exist`
      return { path, kind: 'undo', why }
    })
}
