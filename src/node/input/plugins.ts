import { dirname, relative, resolve } from 'node:path'
import { withPlugins } from '../../lint/plugin.ts'
import type { Registry } from '../../lint/registry.ts'
import { lookUp } from '../../parse/look-up.ts'
import { slashes } from '../disk/path.ts'
import { Failure, reason } from '../failure.ts'
import type { FileSource } from './file-source.ts'
import { entryOf, isFile, packageFolder } from './installed.ts'
import type { Layer } from './layers.ts'
import { defaultExport } from './module.ts'

/** A plugin of the configuration, and the file from which it is loaded. */
interface Found {
  readonly prefix: string
  /** For people: `the plugin "acme" (./rules/index.js)`. */
  readonly what: string
  /** Absolute, without links. */
  readonly file: string
}

/**
 * Loads the plugins that configurations name, which runs them, and returns the registry with their rules. Only called where somebody outside
 * of the repository has said so, and never for a change that a stranger may have made. Throws a Failure about the first that is broken.
 */
export async function loadPlugins<Known extends Pick<Registry, 'rules' | 'pages'>>(
  layers: readonly Layer[],
  registry: Known,
  source: FileSource,
  workingDirectory: string,
): Promise<Known> {
  let all = registry
  for (const { prefix, what, file } of pluginsOf(layers, source)) {
    const name = slashes(relative(workingDirectory, file))
    const plugin = await defaultExport(file, name, what)
    try {
      all = withPlugins(all, { [prefix]: plugin })
    } catch (error) {
      throw new Failure(`Cannot use ${what}: ${reason(error)}.`)
    }
  }
  return all
}

/** The plugins by their prefixes. A later configuration replaces a plugin of an earlier one. A file is relative to the configuration that names it. */
function pluginsOf(layers: readonly Layer[], source: FileSource): Found[] {
  const named = new Map(
    layers.flatMap(({ file, config: { plugins = {} } }) =>
      file === null
        ? []
        : Object.keys(plugins).map(prefix => [prefix, { place: lookUp(plugins, prefix) ?? '', from: file }] as const),
    ),
  )
  return [...named].map(([prefix, { place, from }]) => {
    const what = `the plugin "${prefix}" (${place})`
    try {
      return { prefix, what, file: located(place, dirname(from), source) }
    } catch (error) {
      throw new Failure(`Cannot load ${what}: ${reason(error)}.`)
    }
  })
}

function located(place: string, folder: string, source: FileSource): string {
  const installed = isFile(place) ? null : packageFolder(place, folder, source)
  if (!isFile(place) && installed === null) {
    throw new Error('there is no such package in node_modules; a file begins with "./"')
  }
  const file = installed === null ? resolve(folder, place) : entryOf(installed, source)
  if (!source.has(file)) throw new Error('no such file or directory')
  const real = source.module(file)
  if (real === null) throw new Error('code of a commit is not run')
  return real
}

/** The files of plugins, as far as they are known without running anything: absolute paths. */
export function pluginFiles(layers: readonly Layer[]): string[] {
  return layers.flatMap(({ file, config: { plugins = {} } }) =>
    file === null ? [] : Object.values(plugins).flatMap(place => (isFile(place) ? resolve(dirname(file), place) : [])),
  )
}
