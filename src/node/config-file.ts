import { lstatSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type CheckedConfig, checkConfig, type PartialConfig, parseConfig } from '../lint/config-file.ts'
import type { Vocabulary } from '../lint/config-schema.ts'
import { Bounds } from './bounds.ts'
import { Failure, reason } from './failure.ts'
import { readTyped, readWithin } from './reading.ts'
import { foldersInRepository } from './repository-root.ts'

/** Names a configuration can have, in its folder. */
export const configNames = ['json', 'jsonc', 'js', 'mjs', 'ts'].map(ending => `migrate-lint.config.${ending}`)

const manifest = 'package.json'
const manifestKey = 'migrate-lint'

export interface FoundConfig {
  /** Only what the file says. */
  readonly config: PartialConfig
  /** Where it stands, absolute; null when there is none. */
  readonly file: string | null
  /** What its paths are relative to: its own folder, or the working directory. */
  readonly root: string
}

/**
 * Finds and reads the configuration: the named one; or the nearest in the working directory and its parents, up to the root of
 * the repository. `flag` is `--config`'s path or false for `--no-config`. Throws a Failure that says what is wrong, and where;
 * also when the configuration is code, unless `runsCode`.
 */
export async function findConfig(
  flag: string | false | undefined,
  workingDirectory: string,
  vocabulary: Vocabulary,
  runsCode: boolean,
): Promise<FoundConfig> {
  const bounds = new Bounds(workingDirectory)
  const file = flag === undefined ? search(workingDirectory, bounds) : flag && resolve(workingDirectory, flag)
  if (!file) return { config: {}, file: null, root: workingDirectory }
  if (flag) bounds.admit(file)
  const name = relative(workingDirectory, file)
  const { config, problems } = await read({ file, name, bounds, isTyped: flag !== undefined }, vocabulary, runsCode)
  if (config) return { config, file, root: dirname(file) }
  const lines = problems.map(
    ({ message, line, column }) => `${name}${line === null ? '' : `:${line}:${column}`}: ${message}`,
  )
  throw new Failure(lines.join('\n'))
}

/** A configuration in a folder that the repository does not reach is not the user's, and may be code: it is not looked for. */
function search(workingDirectory: string, bounds: Bounds): string | null {
  for (const folder of foldersInRepository(workingDirectory)) {
    const names = [
      ...configNames.filter(name => isThere(join(folder, name))),
      ...(hasKey(join(folder, manifest), bounds) ? [manifest] : []),
    ]
    if (names.length > 1) {
      throw new Failure(`${folder} has more than one configuration: ${names.join(', ')}. Keep one of them.`)
    }
    if (names[0] !== undefined) return join(folder, names[0])
  }
  return null
}

/** A link that leads nowhere is there: that it cannot be read is said, not passed over. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

function hasKey(file: string, bounds: Bounds): boolean {
  try {
    return manifestKey in JSON.parse(Buffer.from(readWithin(bounds, file)).toString())
  } catch {
    return false // no package.json, or one that is not ours to complain about
  }
}

interface ConfigPlace {
  /** Absolute. */
  readonly file: string
  /** For people. */
  readonly name: string
  readonly bounds: Bounds
  /** A person has named it. */
  readonly isTyped: boolean
}

async function read(
  { file, name, bounds, isTyped }: ConfigPlace,
  vocabulary: Vocabulary,
  runsCode: boolean,
): Promise<CheckedConfig> {
  if (/\.[cm]?[jt]s$/.test(file)) {
    if (!runsCode) {
      throw new Failure(
        `${name} is code, which may be that of a stranger here, and was not run. ` +
          'Write the configuration as migrate-lint.config.jsonc, or allow it with the input "allow-code: true".',
      )
    }
    // What is run must not lie elsewhere, either.
    orFailure(name, () => bounds.real(file))
    return checkConfig(await load(file, name), vocabulary)
  }
  const bytes = orFailure(name, () => (isTyped ? readTyped : readWithin)(bounds, file))
  return parseConfig(Buffer.from(bytes).toString(), vocabulary, basename(file) === manifest ? [manifestKey] : [])
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
        `Rename it to ${name.replace(/ts$/, 'js')} and take the types out, or use a newer Node.js.`,
    )
  }
  try {
    return (await import(pathToFileURL(file).href)).default
  } catch (error) {
    throw new Failure(`Cannot load the configuration ${name}: ${reason(error)}`)
  }
}
