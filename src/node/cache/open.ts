import { realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tool } from '../../lint/tool.ts'
import { readRegular } from '../disk/reading.ts'
import { Cache } from './cache.ts'
import { cacheFolder } from './place.ts'

/**
 * The memory of earlier runs; null if there is none. `root`: the folder that is linted. `place`: the file of the program that is running, a URL.
 * The build puts a hash into the names of its files, of their content and of all that they load, so that two builds never share a memory. The
 * source has no such names, so it has no memory.
 */
export function openCache(root: string, place: string): Cache | null {
  const program = basename(fileURLToPath(place))
  if (!/-[A-Z0-9]{8}\.js$/.test(program)) return null
  const folder = cacheFolder(root)
  if (folder === null) return null
  try {
    const manifest = readRegular(realpathSync(fileURLToPath(import.meta.resolve('libpg-query/package.json'))))
    return new Cache(
      folder,
      JSON.stringify([tool.version, program, process.versions.v8, Buffer.from(manifest).toString()]),
    )
  } catch {
    return null
  }
}
