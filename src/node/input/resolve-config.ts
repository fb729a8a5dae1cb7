import { relative, resolve } from 'node:path'
import { didYouMean } from '../../lint/config/closest.ts'
import { type Config, levels, type RuleSetting } from '../../lint/config/config.ts'
import { completeConfig } from '../../lint/config/config-file.ts'
import { pgVersion as pgVersionSchema } from '../../lint/config/config-schema.ts'
import { globProblem } from '../../lint/config/glob.ts'
import { onlyRules } from '../../lint/config/only-rules.ts'
import { orList } from '../../lint/config/or-list.ts'
import { mismatches } from '../../lint/config/schema.ts'
import { findRule, type Registry } from '../../lint/registry.ts'
import { serverIn } from '../../lint/server.ts'
import { type SystemChoice, systemChoices } from '../../migration/system-id.ts'
import { slashes } from '../disk/path.ts'
import { Failure } from '../failure.ts'
import type { LintFlags } from '../flags.ts'
import { type ConfigOptions, type FoundConfig, findConfig } from './config-file.ts'
import { unknownRule } from './unknown-rule.ts'

export interface ResolvedConfig extends Omit<FoundConfig<Registry>, 'config'> {
  readonly config: Config
}

/**
 * The configuration that a run uses: defaults, then the file, then the flags. Throws a Failure about the first problem,
 * also about a configuration that is code, unless the options allow it to run.
 */
export async function resolveConfig(
  flags: Partial<LintFlags>,
  workingDirectory: string,
  known: Registry,
  options: ConfigOptions = {},
): Promise<ResolvedConfig> {
  if (flags.pgVersion !== undefined) {
    const [wrong] = mismatches(flags.pgVersion, pgVersionSchema, '--pg-version')
    if (wrong) throw new Failure(wrong.message)
  }
  const system = flags.system === undefined ? undefined : systemNamed(flags.system)
  for (const glob of flags.allowEdit ?? []) {
    const problem = globProblem(glob)
    if (problem !== null) throw new Failure(`--allow-edit: the glob "${glob}" ${problem}.`)
  }
  const { plugins: loadsPlugins } = flags
  const found = await findConfig(flags.config, workingDirectory, known, { ...options, loadsPlugins })
  const { config: written, root, registry } = found
  const { pgVersion, transaction, preset, failOn, maxWarnings, unread } = flags
  // commander says true where nobody has said anything.
  const cache = flags.cache === false ? false : undefined
  const flagged = Object.fromEntries(
    Object.entries({ pgVersion, system, transaction, preset, failOn, maxWarnings, unread, cache }).filter(
      ([, value]) => value !== undefined,
    ),
  )
  let config: Config = completeConfig({ ...written, ...flagged })
  if (pgVersion !== undefined) config = { ...config, server: { ...serverIn(config), by: 'flag' } }
  if (transaction !== undefined)
    config = { ...config, overrides: config.overrides.map(({ transaction: _, ...rest }) => rest) }
  if (flags.baseline === false) config = { ...config, baseline: null }
  else if (flags.baseline !== undefined)
    config = { ...config, baseline: slashes(relative(root, resolve(workingDirectory, flags.baseline))) }
  config = withRules(
    config,
    (flags.rule ?? []).map(word => ruleFlag(word, registry)),
  )
  if (flags.only) {
    for (const id of flags.only) mustKnow(id, registry)
    config = onlyRules(config, flags.only, registry.rules)
  }
  return { ...found, config }
}

function systemNamed(id: string): SystemChoice {
  const system = systemChoices.find(each => each === id)
  if (system !== undefined) return system
  const guess = didYouMean(id, systemChoices)
  throw new Failure(`There is no system "${id}"${guess || '.'} There are ${systemChoices.join(', ')}.`)
}

/** The command line has the last word, so its rules come after all overrides as well. */
function withRules(config: Config, flags: readonly (readonly [string, RuleSetting])[]): Config {
  if (flags.length === 0) return config
  const rules = Object.fromEntries(flags)
  return {
    ...config,
    rules: { ...config.rules, ...rules },
    overrides: [...config.overrides, { files: ['**'], rules }],
  }
}

/** `drop-column=off`. */
function ruleFlag(word: string, registry: Registry): readonly [string, RuleSetting] {
  const [id = '', severity] = word.split('=')
  mustKnow(id, registry)
  const level = levels.find(each => each === severity)
  if (level === undefined) {
    throw new Failure(`--rule ${word}: the severity must be ${orList(levels)}, as in "${id}=off".`)
  }
  return [id, level]
}

function mustKnow(id: string, registry: Registry): void {
  if (!findRule(registry, id)) throw unknownRule(id, registry)
}
