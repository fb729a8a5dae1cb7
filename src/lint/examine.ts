import type { Span } from '../parse/span.ts'
import type { Effect } from '../postgres/effect.ts'
import type { Step } from '../postgres/step.ts'
import type { Config } from './config.ts'
import { effectsOf, sizes, telling } from './effects.ts'
import type { Finding, Label } from './finding.ts'
import { type History, internalError, type MigrationFile } from './history.ts'
import type { InternalError } from './report.ts'
import type { Context, Rule, Said } from './rule.ts'
import { findingSeverity, type Setting } from './severity.ts'
import { plain } from './sql.ts'
import type { Suppression } from './suppression.ts'

/** A rule that is on for a file, with how it is set there. */
export interface ActiveRule {
  readonly rule: Rule
  readonly setting: Setting
}

export interface Examination {
  readonly history: History
  readonly config: Config
  /** PostgreSQL major version. */
  readonly version: number
  /** Where rules that threw are noted: such a rule loses what it had to say of one step, the others go on. */
  readonly internalErrors: InternalError[]
}

/** What the rules say of one migration, in no particular order. */
export function examine(file: MigrationFile, active: readonly ActiveRule[], examination: Examination): Finding[] {
  const isLarge = sizes(examination.config)
  const base = contextOf(file, examination, isLarge)
  const findings: Finding[] = []
  for (const { rule, setting } of active) {
    const listen = (step: Step | null, effects: readonly Effect[], say: () => Said) =>
      findings.push(...heard(rule, setting, file, step, effects, say, examination.internalErrors))
    const context = { ...base, options: setting.options }
    if ('check' in rule) {
      for (const step of file.steps) {
        for (const operation of step.operations) {
          if (!rule.on.includes(operation.kind)) continue
          const effects = effectsOf(operation.effects, step.before, isLarge)
          listen(step, operation.effects, () => rule.check({ ...context, step, operation, effects }))
        }
      }
    } else if ('checkStep' in rule) {
      for (const step of file.steps) {
        const effects = effectsOf(step.effects, step.before, isLarge)
        listen(step, step.effects, () => rule.checkStep({ ...context, step, effects }))
      }
    } else if ('checkMigration' in rule) {
      listen(null, [], () => rule.checkMigration(context))
    }
  }
  return findings
}

/** What the rules say of a migration's suppression comments, once it is known what those were good for. */
export function examineSuppressions(
  file: MigrationFile,
  suppressions: readonly Suppression[],
  active: readonly ActiveRule[],
  examination: Examination,
): Finding[] {
  const base = contextOf(file, examination, sizes(examination.config))
  return active.flatMap(({ rule, setting }) => {
    if (!('checkSuppressions' in rule)) return []
    const say = () => rule.checkSuppressions({ ...base, options: setting.options, suppressions })
    return heard(rule, setting, file, null, [], say, examination.internalErrors)
  })
}

/** Makes findings of what a rule says, and an internal error of what it throws. */
function heard(
  rule: Rule,
  setting: Setting,
  file: MigrationFile,
  step: Step | null,
  effects: readonly Effect[],
  say: () => Said,
  internalErrors: InternalError[],
): Finding[] {
  try {
    const said = say()
    const all = said === undefined ? [] : Array.isArray(said) ? said : [said]
    return all.flatMap((found): Finding[] => {
      const severity = findingSeverity(rule, setting, found.severity)
      if (severity === 'off') return []
      const { at, related, fix } = found
      const shown = found.effects ?? (rule.category === 'locking' ? telling(effects) : [])
      return [
        {
          rule: rule.id,
          severity,
          at,
          message: plain(found.message),
          why: found.why ?? rule.why,
          help: plain(found.help),
          ...(shown.length > 0 ? { effects: shown } : {}),
          ...(related ? { related } : {}),
          ...(fix ? { fix } : {}),
        },
      ]
    })
  } catch (error) {
    const before = file.script.source.text.slice(0, step?.statement.span[0] ?? 0)
    internalErrors.push(internalError(rule.id, file.path, before.split('\n').length, error))
    return []
  }
}

function contextOf(
  file: MigrationFile,
  { history, config, version }: Examination,
  isLarge: (relation: string) => boolean,
): Omit<Context, 'step' | 'options'> {
  const { path, script, runner } = file
  return {
    migration: file.steps,
    history: history.steps,
    path,
    script,
    config,
    version,
    runner,
    text: (span: Span) => script.source.text.slice(span[0], span[1]),
    label: (step: Step, message: string): Label => {
      return { path: history.files[step.migration]?.path ?? path, at: step.statement.keyword, message }
    },
    isLarge,
  }
}
