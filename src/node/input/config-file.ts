import { basename, dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type CheckedConfig, checkConfig, type PartialConfig, parseConfig } from '../../lint/config/config-file.ts'
import type { Vocabulary } from '../../lint/config/config-schema.ts'
import { orList } from '../../lint/config/or-list.ts'
import { isInside } from '../disk/path.ts'
import { foldersInRepository } from '../disk/repository-root.ts'
import { Failure, reason } from '../failure.ts'
import { type FileSource, onDisk } from './file-source.ts'

/** The names that a configuration can have, in its folder. */
export const configNames = ['json', 'jsonc', 'js', 'mjs', 'ts'].map(ending => `migrate-lint.config.${ending}`)

/** Names that other tools' configurations have. Somebody who uses one of them would otherwise wonder why it has no effect. */
const otherNames = [
  ...['yaml', 'yml', 'toml', 'cjs', 'cts', 'mts'].map(ending => `migrate-lint.config.${ending}`),
  ...['', '.json', '.yaml', '.yml', '.toml', '.js'].map(ending => `.migrate-lintrc${ending}`),
  ...['yaml', 'yml', 'toml'].flatMap(ending => [`migrate-lint.${ending}`, `.migrate-lint.${ending}`]),
]

const manifest = 'package.json'
const manifestKey = 'migrate-lint'

/** All files that may contain it. */
export const configFiles: readonly string[] = [...configNames, manifest]

export interface FoundConfig {
  /** Only the settings that the file contains. */
  readonly config: PartialConfig
  /** The absolute path of the file; null if there is none. */
  readonly file: string | null
  /** The directory that its paths are relative to: its own folder, or the working directory. */
  readonly root: string
  /** The source that it was read from. Files that belong to it must be read there as well. */
  readonly source: FileSource
}

/** How a configuration is read. */
export interface ConfigOptions {
  /** False: a configuration that is code is refused. */
  readonly runsCode?: boolean | undefined
  /** Default: the disk. */
  readonly source?: FileSource | undefined
}

/**
 * Finds and reads the configuration: the named one, or the nearest one in the working directory and its parents, up to
 * the root of the repository. `flag` is the path of `--config`, or false for `--no-config`. Throws a Failure that says
 * what is wrong and where, also if the configuration is code, unless `runsCode` is set and it is on disk.
 */
export async function findConfig(
  flag: string | false | undefined,
  workingDirectory: string,
  vocabulary: Vocabulary,
  { runsCode = true, source = onDisk(workingDirectory) }: ConfigOptions = {},
): Promise<FoundConfig> {
  const file = locateConfig(flag, workingDirectory, source)
  if (file === null) return { config: {}, file: null, root: workingDirectory, source }
  const name = relative(workingDirectory, file)
  const { config, problems } = await read(file, name, vocabulary, { runsCode, source })
  if (config) return { config, file, root: dirname(file), source }
  const lines = problems.map(
    ({ message, line, column }) => `${name}${line === null ? '' : `:${line}:${column}`}: ${message}`,
  )
  throw new Failure(lines.join('\n'))
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

async function read(
  file: string,
  name: string,
  vocabulary: Vocabulary,
  { runsCode, source }: { readonly runsCode: boolean; readonly source: FileSource },
): Promise<CheckedConfig> {
  if (/\.[cm]?[jt]s$/.test(file)) {
    // A module that is run must not lie elsewhere, either.
    if (!runsCode || orFailure(name, () => source.module(file)) === null) {
      throw new Failure(
        `${name} is code that a stranger may have written, so it was not run. ` +
          'Write the configuration as migrate-lint.config.jsonc, or allow it with the input "allow-code: true".',
      )
    }
    return checkConfig(await load(file, name), vocabulary)
  }
  const text = orFailure(name, () => source.read(file))
  if (text === null) throw new Failure(`Cannot read the configuration ${name}: no such file or directory.`)
  return parseConfig(text, vocabulary, basename(file) === manifest ? [manifestKey] : [])
}

function orFailure<Outcome>(name: string, work: () => Outcome): Outcome {
  try {
    return work()
  } catch (error) {
    throw new Failure(`Cannot read the configuration ${name}: ${reason(error)}.`)
  }
}

/** A module's default export. */
async function load(file: string, name: string): Promise<unknown> {
  // Node strips types itself from 22.18 and 23.6 on.
  if (/\.[cm]?ts$/.test(file) && !('typescript' in process.features && process.features.typescript)) {
    throw new Failure(
      `${name} needs Node.js 22.18 or newer, which reads TypeScript; this is ${process.version}.\n` +
        `Rename it to ${name.replace(/ts$/, 'js')} and remove the types, or use a newer Node.js.`,
    )
  }
  try {
    return (await import(pathToFileURL(file).href)).default
  } catch (error) {
    throw new Failure(`Cannot load the configuration ${name}: ${reason(error)}`)
  }
}
