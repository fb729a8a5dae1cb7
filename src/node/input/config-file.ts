import { basename, dirname, join, relative, resolve } from 'node:path'
import type { PartialConfig } from '../../lint/config/config-file.ts'
import { merged } from '../../lint/config/extended.ts'
import { orList } from '../../lint/config/or-list.ts'
import { isOfUnloaded } from '../../lint/plugin.ts'
import type { Registry } from '../../lint/registry.ts'
import { isInside } from '../disk/path.ts'
import { foldersInRepository } from '../disk/repository-root.ts'
import { Failure } from '../failure.ts'
import { configNames, manifest, manifestKey } from './config-names.ts'
import { type FileSource, onDisk } from './file-source.ts'
import { layersOf } from './layers.ts'
import { loadPlugins, pluginFiles } from './plugins.ts'

/** Names that other tools' configurations have. Somebody who uses one of them would otherwise wonder why it has no effect. */
const otherNames = [
  ...['yaml', 'yml', 'toml', 'cjs', 'cts', 'mts'].map(ending => `migrate-lint.config.${ending}`),
  ...['', '.json', '.yaml', '.yml', '.toml', '.js'].map(ending => `.migrate-lintrc${ending}`),
  ...['yaml', 'yml', 'toml'].flatMap(ending => [`migrate-lint.${ending}`, `.migrate-lint.${ending}`]),
]

export interface FoundConfig<Known> {
  /** Only the settings that the file contains, and those that it builds on. */
  readonly config: PartialConfig
  /** The absolute path of the file; null if there is none. */
  readonly file: string | null
  /** The file, those that it builds on, and those of its plugins, as far as they are named as files: absolute paths. */
  readonly files: readonly string[]
  /** The rules that it may name: those that were there already, and those of its plugins, if these were loaded. */
  readonly registry: Known
  /** The directory that its paths are relative to: its own folder, or the working directory. */
  readonly root: string
  /** The source that it was read from. Files that belong to it must be read there as well. */
  readonly source: FileSource
}

/** How a configuration is read. */
export interface ConfigOptions {
  /** False: a configuration that is code is refused. */
  readonly runsCode?: boolean | undefined
  /** True: the plugins that it names are loaded, and so run. */
  readonly loadsPlugins?: boolean | undefined
  /** Default: the disk. */
  readonly source?: FileSource | undefined
}

/**
 * Finds and reads the configuration: the named one, or the nearest one in the working directory and its parents, up to
 * the root of the repository, with those that it builds on. `flag` is the path of `--config`, or false for `--no-config`. Throws a Failure
 * that says what is wrong and where, also if the configuration is code, unless `runsCode` is set and it is on disk.
 */
export async function findConfig<Known extends Pick<Registry, 'rules' | 'pages'>>(
  flag: string | false | undefined,
  workingDirectory: string,
  registry: Known,
  { runsCode = true, loadsPlugins = false, source = onDisk(workingDirectory) }: ConfigOptions = {},
): Promise<FoundConfig<Known>> {
  const file = locateConfig(flag, workingDirectory, source)
  if (file === null) return { config: {}, file: null, files: [], root: workingDirectory, source, registry }
  const layers = await layersOf(file, { runsCode, source, workingDirectory, rules: registry.rules })
  const config = merged(
    layers.map(layer => layer.config),
    registry.rules,
  )
  const { plugins = {} } = config
  const all = loadsPlugins ? await loadPlugins(layers, registry, source, workingDirectory) : registry
  // Now it is known which rules there are. Those of plugins that were not loaded are taken as they are.
  const missing = Object.keys(plugins).filter(prefix => isOfUnloaded(`${prefix}/`, { plugins }, all.rules))
  const unseen = missing.length === 0 ? undefined : `^(${missing.join('|')})/`
  for (const { check } of layers) check({ rules: all.rules, ...(unseen !== undefined && { unseen }) })
  const files = [...layers.flatMap(layer => layer.file ?? []), ...pluginFiles(layers)]
  return { config: { ...config, extends: [] }, file, files, root: dirname(file), source, registry: all }
}

/** The absolute path of the configuration; null: there is none. Throws a Failure if there are several. */
function locateConfig(flag: string | false | undefined, workingDirectory: string, source: FileSource): string | null {
  if (flag === undefined) return search(workingDirectory, source)
  const file = flag === false ? null : resolve(workingDirectory, flag)
  if (file !== null) source.admit(file)
  // A named file that is missing is a mistake on disk, but a commit may be older than the file.
  return file !== null && (source.isDisk || source.has(file)) ? file : null
}

/** The configuration as text; of a manifest, only its part. Null: there is none. Throws the errors of the source. */
export function configText(file: string, source: FileSource): string | null {
  const text = source.read(file)
  return text === null || basename(file) !== manifest ? text : (JSON.stringify(partOf(text)) ?? null)
}

/** A configuration above the repository is not the user's, and may be code, so it is not searched for there. */
function search(workingDirectory: string, source: FileSource): string | null {
  for (const folder of foldersInRepository(workingDirectory)) {
    const names = configsIn(folder, source)
    const other = otherNames.find(name => source.has(join(folder, name)))
    if (other !== undefined) {
      const remedy = `The configuration is called ${orList(configNames.slice(0, 2))}, or one of the other names in README`
      throw new Failure(`${other} is not read: no configuration has this name. ${remedy}.`)
    }
    if (names.length > 1) {
      throw new Failure(`${folder} has more than one configuration: ${names.join(', ')}. Keep one of them.`)
    }
    if (names[0] !== undefined) return join(folder, names[0])
  }
  return null
}

/** The names of the configurations in a folder. */
function configsIn(folder: string, source: FileSource): string[] {
  return [...configNames.filter(name => source.has(join(folder, name))), ...(hasKey(folder, source) ? [manifest] : [])]
}

/** Configurations between a folder and the files that are read in it, which therefore have no effect: absolute paths, each once. */
export function configsBelow(root: string, folders: readonly string[], source: FileSource): string[] {
  const between = folders.flatMap(folder => {
    const found: string[] = []
    for (let at = folder; isInside(relative(root, at)) && at !== root; at = dirname(at)) found.push(at)
    return found
  })
  return [...new Set(between)].sort().flatMap(folder => configsIn(folder, source).map(name => join(folder, name)))
}

function hasKey(folder: string, source: FileSource): boolean {
  try {
    return partOf(source.read(join(folder, manifest)) ?? '{}') !== undefined
  } catch {
    return false // not ours to complain about
  }
}

/** The part of a manifest that is for this program; undefined: there is none, or it is not a manifest. */
function partOf(text: string): unknown {
  try {
    const content: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return typeof content === 'object' && content !== null
      ? Object.entries(content).find(([key]) => key === manifestKey)?.[1]
      : undefined
  } catch {
    return undefined
  }
}
