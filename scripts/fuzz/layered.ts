import { join } from 'node:path'
import { type Config, completeConfig, mapTree, registry } from '../../src/index.ts'
import { Failure as Complaint } from '../../src/node/failure.ts'
import { findConfig } from '../../src/node/input/config-file.ts'
import type { FileSource } from '../../src/node/input/file-source.ts'
import type { Input } from './input.ts'
import { type Failure, failure } from './try.ts'

/** There is nothing of this name, so that the disk has no part in it. */
const root = '/nowhere/project'
const mostLines = 30

/**
 * The configuration that the files of the input make together, as the command line reads it, or the lines that say why they make none. No
 * plugin can be loaded, also where loading is asked for.
 */
export async function layered({ files, given }: Input, failures: Failure[]): Promise<Config | string> {
  const texts = new Map([...files].map(([path, content]) => [join(root, path), String(content)]))
  const source: FileSource = {
    has: path => texts.has(path),
    read: path => texts.get(path) ?? null,
    admit: () => {},
    module: () => null,
    tree: () => mapTree({}),
    isDisk: false,
  }
  const main = join(root, files.keys().next().value ?? '')
  try {
    const found = await findConfig(main, root, registry, { source, runsCode: false, loadsPlugins: given === 'plugins' })
    const isLoaded = given === 'plugins' && Object.keys(found.config.plugins ?? {}).length > 0
    if (isLoaded) failures.push(broken('no plugin of a commit is loaded', JSON.stringify(found.config.plugins)))
    return completeConfig(found.config)
  } catch (error) {
    if (!(error instanceof Complaint)) throw error
    const lines = error.message.split('\n').length
    if (lines > mostLines) failures.push(broken('what is wrong with configurations is few lines', `${lines} lines`))
    return error.message
  }
}

function broken(property: string, told: string): Failure {
  return failure(property, told.slice(0, 1000), property)
}
