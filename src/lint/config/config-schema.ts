import { systemChoices, systemIds } from '../../migration/system-id.ts'
import { transactionModes } from '../../migration/transaction-mode.ts'
import { lookUp } from '../../parse/look-up.ts'
import { newestVersion, oldestVersion, supportedVersions } from '../../postgres/version.ts'
import type { Rule } from '../rule.ts'
import { type Config, defaultConfig, failOnValues, levels, presets, tableSizes, timeoutSetters } from './config.ts'
import { orList } from './or-list.ts'
import type { Schema } from './schema.ts'

/** The names a configuration may use, besides those that are always the same. */
export interface Vocabulary {
  readonly rules: readonly Rule[]
}

const strings: Schema = { type: 'array', items: { type: 'string' } }
const globs: Schema = { type: 'array', items: { type: 'string', glob: true } }
const transaction: Schema = { type: 'string', enum: transactionModes }
const level: Schema = { type: 'string', enum: levels }

/** Every key of the configuration, what it may hold and what it is for. The one source of all that is said about it. */
export function configSchema({ rules }: Vocabulary): Schema & { properties: Record<string, Schema> } {
  const keys: Record<Exclude<keyof Config, 'pgVersionNamed'>, Schema> = {
    paths: {
      ...strings,
      description: 'Files, directories or globs to lint when the command line names none.',
    },
    ignore: { ...globs, description: 'Globs of files to leave alone.' },
    pgVersion: {
      anyOf: [
        { type: 'string', pattern: `^(${supportedVersions.join('|')})(\\.\\d+)?$` },
        { type: 'integer', minimum: oldestVersion, maximum: newestVersion },
      ],
      expected: `a PostgreSQL version from "${oldestVersion}" to "${newestVersion}", or with a minor version such as "14.2"`,
      description: `The oldest PostgreSQL version that the migrations run on, ${oldestVersion} to ${newestVersion}: "15", or with a minor version "14.2".`,
    },
    system: {
      type: 'string',
      enum: systemChoices,
      description: 'The migration system that the files belong to; "auto" looks at the files.',
    },
    systems: {
      type: 'object',
      additionalProperties: { type: 'string', enum: systemIds },
      description: 'The migration system of single folders, where the files do not tell: { "db/legacy": "goose" }.',
    },
    transaction: {
      ...transaction,
      description: 'How plain SQL is run: "wrapped" in a transaction per file, "none", or "unknown".',
    },
    preset: {
      type: 'string',
      enum: presets,
      description: 'The rules to start from: "recommended", "strict" (more, and more severe) or "all".',
    },
    rules: {
      ...ruleSettings(rules),
      description: `Severity of single rules: ${orList(levels.map(word => `"${word}"`))}; with options ["error", { … }].`,
    },
    overrides: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          files: {
            ...globs,
            minItems: 1,
            expected: 'a list of globs',
            description: 'Globs of the files this is for.',
          },
          rules: ruleSettings(rules),
          transaction,
        },
        required: ['files'],
        additionalProperties: false,
      },
      description: 'Other settings for some files; a later entry wins.',
    },
    startAfter: {
      anyOf: [{ type: ['string', 'null'] }, { ...strings, expected: 'a list of them, one for each project' }],
      description:
        'The last migration that nothing shall be reported on: it and earlier ones only tell what is in the database.',
    },
    baseline: {
      type: ['string', 'null'],
      description: 'The file of findings that are accepted: "migrate-lint-baseline.json". --update-baseline writes it.',
    },
    baseRef: {
      type: ['string', 'null'],
      description:
        'The branch, tag or commit that has what is applied: "origin/main". By default what CI says, or the main branch.',
    },
    allowEdit: { ...globs, description: 'Globs of applied migrations that may be edited, renamed and deleted.' },
    editsAllowedUntil: {
      type: ['string', 'null'],
      description: 'A tag or commit of what is deployed, "v1.4": migrations that it does not have may be edited.',
    },
    tables: {
      type: 'object',
      propertyNames: { type: 'string', glob: true },
      additionalProperties: {
        type: 'object',
        properties: { size: { type: 'string', enum: tableSizes } },
        required: ['size'],
        additionalProperties: false,
      },
      description:
        'Tables by name or pattern. { "size": "small" }: locking it while work is done on it is over in an instant.',
    },
    timeouts: {
      type: 'object',
      properties: {
        setBy: {
          type: 'string',
          enum: timeoutSetters,
          description:
            'Who sets lock_timeout: each migration "file", the database "role", or the "runner" of migrations.',
        },
      },
      required: ['setBy'],
      additionalProperties: false,
      description: 'Where lock_timeout comes from.',
    },
    requireReason: { type: 'boolean', description: 'Suppression comments must give a reason after `--`.' },
    compat: {
      type: 'boolean',
      description: 'Honour the suppression comments of other linters (squawk-ignore, atlas:nolint and so on).',
    },
    failOn: {
      type: 'string',
      enum: failOnValues,
      description: 'The least severity that makes the exit code 1.',
    },
    maxWarnings: {
      type: ['integer', 'null'],
      minimum: 0,
      description: 'More warnings than this make the exit code 1.',
    },
    secondsPerFile: {
      type: ['number', 'null'],
      minimum: 0,
      description:
        'Seconds of processor time that judging one file may take, and two more for each MB of it. What takes longer is given up: an error.',
    },
  }
  const withDefaults = Object.entries(keys).map(([key, schema]) => {
    return [key, { ...schema, default: lookUp<unknown>({ ...defaultConfig }, key) }]
  })
  return {
    type: 'object',
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(withDefaults) },
    additionalProperties: false,
  }
}

function ruleSettings(rules: readonly Rule[]): Schema {
  const current = rules.map((rule): [string, Schema] => [rule.id, ruleSetting(rule)])
  const former = rules.flatMap(rule =>
    (rule.formerly ?? []).map((name): [string, Schema] => {
      return [name, { ...ruleSetting(rule), deprecated: true, description: `Now called ${rule.id}.` }]
    }),
  )
  const properties = Object.fromEntries([...current, ...former])
  return { definition: 'rules', type: 'object', noun: 'rule', properties, additionalProperties: false }
}

function ruleSetting(rule: Rule): Schema {
  const options = Object.entries(rule.options ?? {}).map(
    ([name, { type, description, default: value }]): [string, Schema] => {
      return [name, { type, description, default: value, ...(type === 'array' ? { items: { type: 'string' } } : {}) }]
    },
  )
  const tuple: Schema = {
    type: 'array',
    prefixItems: [
      level,
      { type: 'object', noun: 'option', properties: Object.fromEntries(options), additionalProperties: false },
    ],
    minItems: 1,
    maxItems: 2,
    expected: '[severity, { options }]',
  }
  return { anyOf: [level, tuple], description: rule.title }
}
