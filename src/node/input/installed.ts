import { dirname, join } from 'node:path'
import { foldersInRepository } from '../disk/repository-root.ts'
import type { FileSource } from './file-source.ts'

/** The name of a package, without a file in it: `acme`, `@acme/rules`. */
const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/

/** Whether a configuration names a file and not a package. */
export function isFile(name: string): boolean {
  return /^\.{1,2}(\/|$)/.test(name)
}

/**
 * The folder of an installed package: in the `node_modules` of a folder, or of one around it up to the root of the repository. Null: it is
 * not there, or this is not the name of a package.
 */
export function packageFolder(name: string, from: string, source: FileSource): string | null {
  if (!packageName.test(name)) return null
  const candidates = foldersInRepository(from).map(folder => join(folder, 'node_modules', name))
  return candidates.find(folder => source.has(join(folder, 'package.json'))) ?? null
}

/** The file that an `import` of the package loads: what its manifest calls `exports`, or else `main`. Throws the errors of the source. */
export function entryOf(folder: string, source: FileSource): string {
  const manifest = JSON.parse(source.read(join(folder, 'package.json')) ?? '{}') as {
    readonly exports?: unknown
    readonly main?: unknown
  }
  const entry = conditional(manifest.exports) ?? (typeof manifest.main === 'string' ? manifest.main : 'index.js')
  const file = join(folder, entry)
  if (dirname(file) !== folder && !file.startsWith(join(folder, '/')))
    throw new Error('its entry lies outside of the package')
  return file
}

/** The file for `import` in the field `exports`: a text, or one under "." or under a condition. */
function conditional(exports: unknown): string | null {
  if (typeof exports === 'string') return exports
  if (typeof exports !== 'object' || exports === null) return null
  const wanted = ['.', 'node', 'import', 'default']
  const found = Object.entries(exports).find(([key]) => wanted.includes(key))
  return found ? conditional(found[1]) : null
}
