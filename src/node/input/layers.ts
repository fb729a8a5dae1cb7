import { basename, dirname, join, relative, resolve } from 'node:path'
import { presets } from '../../lint/config/config.ts'
import { type CheckedConfig, checkConfig, type PartialConfig, parseConfig } from '../../lint/config/config-file.ts'
import { pluginRule, type Vocabulary } from '../../lint/config/config-schema.ts'
import { orList } from '../../lint/config/or-list.ts'
import type { Rule } from '../../lint/rule.ts'
import { counted } from '../../report/words.ts'
import { slashes } from '../disk/path.ts'
import { Failure, reason } from '../failure.ts'
import { manifest, manifestKey } from './config-names.ts'
import type { FileSource } from './file-source.ts'
import { isFile, packageFolder } from './installed.ts'
import { defaultExport } from './module.ts'

/** One configuration of those that make up the one of a run. */
export interface Layer {
  /** Its absolute path; null: it is a preset. */
  readonly file: string | null
  readonly config: PartialConfig
  /** Throws a Failure if it names a rule, or an option of a rule, that these rules do not have. */
  check(vocabulary: Vocabulary): void
}

export interface LayerOptions {
  /** False: a configuration that is code is refused. */
  readonly runsCode: boolean
  readonly source: FileSource
  readonly workingDirectory: string
  readonly rules: readonly Rule[]
}

/** More than anybody needs: configurations that build on each other many times over must end. */
const most = 50

/** The names that the configuration of a package may have, in this order. */
const packaged = ['migrate-lint.config.json', 'migrate-lint.config.jsonc', manifest]

/**
 * A configuration and those that it builds on, in the order in which they count: the first one is built upon by all others. Throws a
 * Failure about the first one that cannot be read or used.
 */
export async function layersOf(file: string, options: LayerOptions): Promise<readonly Layer[]> {
  const found: Layer[] = []
  const open: string[] = []
  const visit = async (at: string, isMain: boolean): Promise<void> => {
    const name = shown(at, options)
    if (open.includes(at)) {
      const way = [...open.slice(open.indexOf(at)), at].map(each => shown(each, options)).join(' → ')
      throw new Failure(`${name}: "extends" leads in a circle: ${way}.`)
    }
    open.push(at)
    const layer = await read(at, name, isMain, options)
    for (const each of [layer.config.extends ?? []].flat()) {
      const preset = presets.find(word => word === each)
      if (preset !== undefined) found.push({ file: null, config: { preset }, check: () => {} })
      else await visit(located(each, at, name, options.source), false)
      if (found.length > most) throw new Failure(`${name}: "extends" leads to more than ${most} configurations.`)
    }
    open.pop()
    found.push(layer)
  }
  await visit(file, true)
  return found
}

function shown(file: string, { workingDirectory }: LayerOptions): string {
  return slashes(relative(workingDirectory, file)) || file
}

/** The file that an entry of `extends` means. */
function located(entry: string, from: string, name: string, source: FileSource): string {
  const folder = dirname(from)
  const there = (path: string) => source.has(path)
  if (isFile(entry)) {
    const file = resolve(folder, entry)
    if (there(file)) return file
    throw new Failure(`${name}: "extends" names ${entry}, and there is no such file${placeOf(source)}.`)
  }
  const installed = packageFolder(entry, folder, source)
  const own = installed === null ? undefined : packaged.map(each => join(installed, each)).find(there)
  if (own !== undefined) return own
  const remedy = `It can be ${orList(presets.map(word => `"${word}"`))}, a file such as "./base.jsonc", or an installed package`
  throw new Failure(
    `${name}: "extends" names "${entry}", and there is no such package in node_modules${placeOf(source)}. ${remedy}.`,
  )
}

function placeOf({ isDisk }: FileSource): string {
  return isDisk ? '' : ' in the commit from which the configuration is read'
}

/** A stranger may have made thousands of mistakes. */
const mostProblems = 20

async function read(file: string, name: string, isMain: boolean, options: LayerOptions): Promise<Layer> {
  const checked = await checker(file, name, isMain, options)
  const check = (vocabulary: Vocabulary): PartialConfig => {
    const { config, problems } = checked(vocabulary)
    if (config) return config
    const lines = problems
      .slice(0, mostProblems)
      .map(({ message, line, column }) => `${name}${line === null ? '' : `:${line}:${column}`}: ${message}`)
    const left = problems.length - lines.length
    throw new Failure([...lines, ...(left > 0 ? [`${name}: ${counted(left, 'more problem')}.`] : [])].join('\n'))
  }
  return { file, config: check({ rules: options.rules, unseen: pluginRule }), check }
}

/** Reads the file once, and checks it as often as it is asked to. */
async function checker(
  file: string,
  name: string,
  isMain: boolean,
  { runsCode, source }: LayerOptions,
): Promise<(vocabulary: Vocabulary) => CheckedConfig> {
  if (/\.[cm]?[jt]s$/.test(file)) {
    if (!isMain) throw new Failure(`${name} is code, and a configuration that others build on must be JSON.`)
    // A module that is run must not lie elsewhere, either.
    if (!runsCode || orFailure(name, () => source.module(file)) === null) {
      throw new Failure(
        `${name} is code that a stranger may have written, so it was not run. ` +
          'Write the configuration as migrate-lint.config.jsonc, or allow it with the input "allow-code: true".',
      )
    }
    const value = await defaultExport(file, name, `the configuration ${name}`)
    return vocabulary => checkConfig(value, vocabulary)
  }
  const text = orFailure(name, () => source.read(file))
  if (text === null) throw new Failure(`Cannot read the configuration ${name}: no such file or directory.`)
  return vocabulary => parseConfig(text, vocabulary, basename(file) === manifest ? [manifestKey] : [])
}

function orFailure<Outcome>(name: string, work: () => Outcome): Outcome {
  try {
    return work()
  } catch (error) {
    throw new Failure(`Cannot read the configuration ${name}: ${reason(error)}.`)
  }
}
