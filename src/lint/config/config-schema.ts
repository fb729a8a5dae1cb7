import { systemChoices, systemIds } from '../../migration/system-id.ts'
import { transactionModes } from '../../migration/transaction-mode.ts'
import { lookUp } from '../../parse/look-up.ts'
import { maintainedVersions, oldestVersion, supportedVersions, upcomingVersion } from '../../postgres/version.ts'
import type { Rule } from '../rule.ts'
import {
  type Config,
  defaultConfig,
  failOnValues,
  levels,
  presets,
  tableSizes,
  timeoutSetters,
  unreadValues,
} from './config.ts'
import { orList } from './or-list.ts'
import type { Schema } from './schema.ts'

/** The names a configuration may use, besides those that are always the same. */
export interface Vocabulary {
  readonly rules: readonly Rule[]
  /** A regular expression for the ids of rules that are accepted without being known: those of plugins that are not loaded. */
  readonly unseen?: string
}

/** The prefix of the rules of a plugin. */
const pluginPrefix = '[a-z][a-z0-9]*(?:-[a-z0-9]+)*'

/** Any rule of any plugin: `acme/table-name`. */
export const pluginRule = `^${pluginPrefix}/[a-z][a-z0-9]*(?:-[a-z0-9]+)*$`

const strings: Schema = { type: 'array', items: { type: 'string' } }
const globs: Schema = { type: 'array', items: { type: 'string', glob: true } }
const transaction: Schema = { type: 'string', enum: transactionModes }
const level: Schema = { type: 'string', enum: levels }

const oneVersion = `(?:${[...supportedVersions, upcomingVersion].join('|')})(?:\\.\\d+)?`
const versionNumber: Schema = { type: 'integer', minimum: oldestVersion, maximum: upcomingVersion }

/** The flag `--pg-version` is checked by it, too. */
export const pgVersion: Schema = {
  anyOf: [
    { type: 'string', pattern: `^${oneVersion}(?: *, *${oneVersion})*$` },
    versionNumber,
    {
      type: 'array',
      minItems: 1,
      items: { anyOf: [{ type: 'string', pattern: `^${oneVersion}$` }, versionNumber] },
    },
  ],
  expected: `a PostgreSQL version from "${oldestVersion}" to "${upcomingVersion}", or with a minor version such as "14.2"`,
  description: `The PostgreSQL version that the migrations run on, ${oldestVersion} to ${upcomingVersion}: "15", or with a minor version "14.2"; "14,17" judges both. Default: the oldest one that files of the repository name; if they name none, all that the PostgreSQL project maintains (${maintainedVersions.join(', ')}).`,
}

/** What each key is without the configuration, as people would write it. */
const defaults: Readonly<Record<string, unknown>> = { ...defaultConfig, pgVersion: maintainedVersions.map(String) }

/**
 * Every key of the configuration, the values it takes and what it is for. All documentation of the configuration is
 * generated from this.
 */
export function configSchema({ rules, unseen }: Vocabulary): Schema & { properties: Record<string, Schema> } {
  const keys: Record<Exclude<keyof Config, 'server' | 'statistics'>, Schema> = {
    extends: {
      anyOf: [{ type: 'string' }, { ...strings, expected: 'a list of them' }],
      description:
        'Configurations that this one builds on, the later over the earlier ones, and this one over all: "strict" or another preset, files ("./base.jsonc") and packages ("@acme/migrate-lint-config").',
    },
    plugins: {
      type: 'object',
      propertyNames: { type: 'string', pattern: `^${pluginPrefix}$`, expected: 'a word in lower case, such as "acme"' },
      additionalProperties: { type: 'string' },
      description:
        'Code with further rules: { "acme": "./rules/index.js" }, a file or a package. Its rules are called "acme/…". It runs only with --plugins.',
    },
    paths: {
      ...strings,
      // Each glob among them is looked for in all folders.
      maxItems: 1000,
      expected: 'a list of up to 1000 paths',
      description: 'Files, directories or globs to lint if the command line does not name any.',
    },
    ignore: { ...globs, description: 'Globs of files to ignore.' },
    pgVersion,
    system: {
      type: 'string',
      enum: systemChoices,
      description: 'The migration system that the files belong to; "auto" detects it from the files.',
    },
    systems: {
      type: 'object',
      additionalProperties: { type: 'string', enum: systemIds },
      description: 'The migration system of single folders, where it cannot be detected: { "db/legacy": "goose" }.',
    },
    transaction: {
      ...transaction,
      description: 'How plain SQL is run: "wrapped" in a transaction per file, "none", or "unknown".',
    },
    preset: {
      type: 'string',
      enum: presets,
      description:
        'The set of rules to start from: "recommended", "strict" (more rules, and more severe ones) or "all".',
    },
    rules: {
      ...ruleSettings(rules, unseen),
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
            description: 'Globs of the files that these settings are for.',
          },
          rules: ruleSettings(rules, unseen),
          transaction,
        },
        required: ['files'],
        additionalProperties: false,
      },
      description: 'Different settings for some files; a later entry wins over an earlier one.',
    },
    startAfter: {
      anyOf: [{ type: ['string', 'null'] }, { ...strings, expected: 'a list of them, one for each project' }],
      description:
        'The last migration that is not reported on. It and all earlier ones are read only to know the tables.',
    },
    baseline: {
      type: ['string', 'null'],
      description: 'The file with accepted findings: "migrate-lint-baseline.json". --update-baseline writes it.',
    },
    baseRef: {
      type: ['string', 'null'],
      description:
        'The branch, tag or commit whose migrations are applied: "origin/main". Default: the base that CI names, or the main branch.',
    },
    allowEdit: { ...globs, description: 'Globs of applied migrations that may be edited, renamed and deleted.' },
    editsAllowedUntil: {
      type: ['string', 'null'],
      description:
        'A tag or commit that is deployed, such as "v1.4": migrations that it does not contain may be edited.',
    },
    stats: {
      anyOf: [{ type: 'string' }, { type: 'boolean' }],
      expected: 'the path of a file, true or false',
      description:
        'The file with the sizes of tables that "migrate-lint stats" has written. Default: "migrate-lint-stats.json" beside the configuration, if it is there; false: none.',
    },
    smallTables: {
      type: 'object',
      properties: {
        rows: { type: 'integer', minimum: 0, description: 'A small table has fewer rows.' },
        bytes: { type: 'integer', minimum: 0, description: 'A small table has fewer bytes, without its indexes.' },
      },
      additionalProperties: false,
      description: 'When the file with the sizes makes a table small: findings about work on it are notes.',
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
        'Tables by name or pattern. { "size": "small" }: work on it finishes instantly, so blocking it is harmless.',
    },
    code: {
      anyOf: [
        { type: 'boolean' },
        {
          type: 'object',
          properties: {
            paths: { ...globs, description: 'Globs of the files that are searched. Default: all that git tracks.' },
            ignore: { ...globs, description: 'Globs of files that are left out.' },
          },
          additionalProperties: false,
        },
      ],
      expected: 'true, false, or { "paths": […], "ignore": […] }',
      description:
        'The code that is searched for the columns, tables and types that migrations take away. Migrations, tests, lock files, and what .gitattributes calls generated or vendored are left out; false: nothing is searched.',
    },
    timeouts: {
      type: 'object',
      properties: {
        setBy: {
          type: 'string',
          enum: timeoutSetters,
          description:
            'Who sets lock_timeout: each migration ("file"), the database role ("role"), or the tool that runs migrations ("runner").',
        },
      },
      required: ['setBy'],
      additionalProperties: false,
      description: 'Where lock_timeout comes from.',
    },
    requireReason: { type: 'boolean', description: 'Suppression comments must give a reason after `--`.' },
    compat: {
      type: 'boolean',
      description: 'Obey the suppression comments of other linters (squawk-ignore, atlas:nolint and so on).',
    },
    failOn: {
      type: 'string',
      enum: failOnValues,
      description: 'The lowest severity that makes the exit code 1.',
    },
    maxWarnings: {
      type: ['integer', 'null'],
      minimum: 0,
      description: 'The exit code is 1 if there are more warnings than this.',
    },
    unread: {
      type: 'string',
      enum: unreadValues,
      description:
        'Migrations that are not read, for instance because they are code, are always counted. They make the exit code 2 if nothing could be read ("report"), if any was not read or only in part ("fail"), or never ("allow").',
    },
    secondsPerFile: {
      type: ['number', 'null'],
      minimum: 0,
      description:
        'Seconds of processor time that linting one file may take, plus two for each MB of it. A file that takes longer is given up with an error.',
    },
    cache: {
      type: 'boolean',
      description:
        "On the command line: keep what the earlier migrations of a long history leave in the user's folder for cached files, so that the next run need not read them. The report is the same without it.",
    },
  }
  const withDefaults = Object.entries(keys).map(([key, schema]) => {
    return [key, { ...schema, default: lookUp<unknown>(defaults, key) }]
  })
  return {
    type: 'object',
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(withDefaults) },
    additionalProperties: false,
  }
}

function ruleSettings(rules: readonly Rule[], unseen: string | undefined): Schema {
  const current = rules.map((rule): [string, Schema] => [rule.id, ruleSetting(rule)])
  const former = rules.flatMap(rule =>
    (rule.formerly ?? []).map((name): [string, Schema] => {
      return [name, { ...ruleSetting(rule), deprecated: true, description: `Now called ${rule.id}.` }]
    }),
  )
  const properties = Object.fromEntries([...current, ...former])
  const named: Schema = { definition: 'rules', type: 'object', noun: 'rule', properties, additionalProperties: false }
  return unseen === undefined ? named : { ...named, patternProperties: { [unseen]: settingOf({}) } }
}

function ruleSetting(rule: Rule): Schema {
  const options = Object.entries(rule.options ?? {}).map(
    ([name, { type, description, default: value }]): [string, Schema] => {
      return [name, { type, description, default: value, ...(type === 'array' ? { items: { type: 'string' } } : {}) }]
    },
  )
  const properties = Object.fromEntries(options)
  return { ...settingOf({ noun: 'option', properties, additionalProperties: false }), description: rule.title }
}

/** A severity, or one with options. */
function settingOf(options: Schema): Schema {
  const tuple: Schema = {
    type: 'array',
    prefixItems: [level, { type: 'object', ...options }],
    minItems: 1,
    maxItems: 2,
    expected: '[severity, { options }]',
  }
  return { anyOf: [level, tuple] }
}
