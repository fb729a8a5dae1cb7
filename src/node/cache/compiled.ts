import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import * as modules from 'node:module'
import { join } from 'node:path'
import { readRegular } from '../disk/reading.ts'
import { makePrivate, removeFolder } from '../disk/writing.ts'
import { cacheFolder, isPrivate } from './place.ts'

/** How many builds of the program are kept, about 3 MB each: those that appeared last. */
const mostBuilds = 3

/**
 * Lets Node keep the program's compiled code for the next run, which then starts sooner (`docs/performance.md` has figures). Node can do this from 22.8
 * on; it compares the text of each module with what was compiled. Call it before the modules that matter are loaded. `program`: the file of the
 * program, an absolute path. Nothing is kept where others could write it: what is in there runs.
 */
export function keepCompiled(program: string): void {
  const { enableCompileCache } = modules as { readonly enableCompileCache?: (folder: string) => unknown }
  if (!enableCompileCache || process.env.CI) return
  try {
    const around = cacheFolder(process.cwd())
    if (around === null) return
    // It names its chunks, whose names contain a hash of what is in them. So each build has another text here.
    const build = createHash('sha256').update(readRegular(program)).digest('hex').slice(0, 16)
    const builds = join(around, 'compiled')
    const folder = join(builds, build)
    if (statSync(folder, { throwIfNoEntry: false }) === undefined) {
      for (const each of [around, builds, folder]) makePrivate(each, isPrivate)
      removeOld(builds)
    }
    if ([around, builds, folder].every(isPrivate)) enableCompileCache(folder)
  } catch {
    // It starts later then.
  }
}

function removeOld(builds: string): void {
  const newestFirst = readdirSync(builds)
    .map(name => join(builds, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
  for (const old of newestFirst.slice(mostBuilds)) removeFolder(old)
}
