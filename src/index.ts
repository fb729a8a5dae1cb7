/**
 * The library. Pure: no `node:` module below this line, so it runs in a browser as it does in Node.
 *
 *     const report = await lint({ migrations: [{ path: '1.sql', content: 'DROP TABLE orders;' }] })
 */

import { rules } from '../rules/index.ts'
import { pages } from '../rules/pages.generated.ts'
import {
  type CheckedConfig,
  checkConfig,
  completeConfig,
  type PartialConfig,
  parseConfig,
} from './lint/config/config-file.ts'
import type { Vocabulary } from './lint/config/config-schema.ts'
import { transactionModes } from './lint/config/transaction.ts'
import { type History, readHistory } from './lint/history/history.ts'
import { type LintInput, lint as lintInput, majorVersion, otherVersions } from './lint/lint.ts'
import { mergeReports } from './lint/merge.ts'
import { type Plugin, withPlugins } from './lint/plugin.ts'
import type { Registry } from './lint/registry.ts'
import type { Report } from './lint/report.ts'
import { isBeyondParser } from './lint/server.ts'
import { unreadPlace } from './lint/unread.ts'
import type { CodeMigration, InputFile, MigrationInput, SqlMigration } from './migration/migration.ts'
import { noticeText } from './migration/notice.ts'
import { pageMistakes } from './pages/check.ts'
import { lookUp } from './parse/look-up.ts'
import { type Discovery, type DiscoveryOptions, projectsOf as projectsNow, refusalText } from './systems/discover.ts'
import { asideNotice, inputsOf } from './systems/inputs.ts'
import { integrityOf, withIntegrity } from './systems/integrity.ts'
import { plainRun } from './systems/plain/plain.ts'
import { withParsers } from './systems/reading/on-demand.ts'
import { remembering, type Tree } from './systems/reading/tree.ts'
import { trackingTables } from './systems/tracking-tables.ts'

/** All rules of the program, their pages, and what they have to know of migration systems. */
export const registry: Registry = { rules, pages, trackingTables }

/** The names that a configuration may use. */
export const vocabulary: Vocabulary = registry

/**
 * A file of the migrations. Unless it says what it is and how it is run, it is SQL, run as the configuration says for
 * plain SQL. Code has a place in the order and is reported as not read. Nothing runs in files of the other kinds.
 */
export type Migration =
  | (Partial<SqlMigration> & InputFile)
  | (Partial<CodeMigration> & Pick<CodeMigration, 'kind' | 'opaque'> & InputFile)
  | Exclude<MigrationInput, { readonly kind: 'sql' | 'code' }>

export interface Input extends Partial<Omit<LintInput, 'migrations' | 'config'>> {
  /** All migrations, in the order of application. */
  readonly migrations: readonly Migration[]
  /** The settings that differ from the defaults. Check them with `checkConfig` if they come from outside. */
  readonly config?: PartialConfig
}

/** Lints migrations. The same input gives the same report, on any platform. Throws on no input. */
export async function lint(input: Input): Promise<Report> {
  const config = completeConfig(input.config ?? {})
  const transaction = transactionModes(config)
  const migrations = input.migrations.map(migration => complete(migration, transaction(migration.path)))
  return lintInput({ registry, ...input, config, migrations })
}

/**
 * Lints a whole project as `migrate-lint` without arguments does: finds the systems, and returns one report about all of them. `unread` of the
 * report has the files that could not be read, too, and `notices` says what stood in the way of finding migrations, such as those for
 * another database. Throws on no tree: a file that the tree cannot read is one that could not be read.
 */
export async function lintTree(given: Tree, partial: PartialConfig = {}): Promise<Report> {
  const tree = remembering(given)
  const config = completeConfig(partial)
  const { projects, refused, notices } = await projectsOf(tree, { ...config, transaction: transactionModes(config) })
  const reports: Report[] = []
  for (const project of projects) {
    const migrations = withIntegrity(inputsOf(project, tree), integrityOf(project, tree), tree)
    reports.push(await lintInput({ migrations, config, registry, system: project.system.title }))
  }
  const report = mergeReports(reports.length > 0 ? reports : [await lintInput({ migrations: [], config, registry })])
  const all = [...notices, ...projects.flatMap(project => [...asideNotice(project), ...project.notices])]
  const told = [...refused.map(refusalText), ...all.map(notice => noticeText(notice))]
  const places = all.flatMap(notice => (typeof notice === 'string' ? [] : unreadPlace(notice)))
  return { ...report, unread: [...places, ...report.unread], notices: [...new Set([...told, ...report.notices])] }
}

/** The projects that `migrate-lint` without arguments reads, and the reasons why others are not read. */
export function projectsOf(tree: Tree, options: DiscoveryOptions): Promise<Discovery> {
  return withParsers(() => projectsNow(tree, options))
}

/** What each statement does: the locks it takes, the work it does, the catalog before and after it. */
export async function steps(input: Pick<Input, 'migrations' | 'config'>): Promise<History> {
  const config = completeConfig(input.config ?? {})
  const transaction = transactionModes(config)
  const migrations = input.migrations.map(migration => complete(migration, transaction(migration.path)))
  return readHistory(migrations, {
    version: majorVersion(config),
    otherVersions: otherVersions(config),
    isNewer: isBeyondParser(config.pgVersion),
    compat: config.compat,
  })
}

function complete(migration: Migration, mode: Parameters<typeof plainRun>[0]): MigrationInput {
  switch (migration.kind) {
    case 'aside':
    case 'gone':
    case 'vouching':
      return migration
    case 'code':
      return { ...plainRun(mode), ...migration }
    default:
      return { ...plainRun(mode), ...migration, kind: 'sql' }
  }
}

/**
 * Tries the examples in the pages of a plugin's rules, as docs/plugins.md describes them. Returns for each rule a sentence for each mistake;
 * a rule without a page has one. Throws an Error about a plugin that could not be loaded.
 */
export async function checkPlugin(
  plugin: Plugin,
): Promise<{ readonly id: string; readonly mistakes: readonly string[] }[]> {
  const prefix = 'plugin'
  const all = withPlugins(registry, { [prefix]: plugin })
  const checked = Object.keys(plugin.rules).map(async id => {
    const page = lookUp(plugin.pages ?? {}, id)
    if (page === undefined) return { id, mistakes: ['The rule has no page.'] }
    const mistakes = await pageMistakes(`${prefix}/${id}`, page, (migrations, config, report) =>
      lint({ migrations, config, report, registry: all }),
    )
    return { id, mistakes }
  })
  return Promise.all(checked)
}

/** Reads the text of a configuration file (JSON with comments). */
export function readConfig(text: string): CheckedConfig {
  return parseConfig(text, vocabulary)
}

/** Checks a configuration that is a value already. */
export function validateConfig(value: unknown): CheckedConfig {
  return checkConfig(value, vocabulary)
}

export { type GrammarFiles, useGrammars } from './code/grammar.ts'
export { help, say, sql } from './lint/advice/sql.ts'
export type { CodeAnswer, CodeAnswers, CodePlace, CodeSearch } from './lint/code-use/code-use.ts'
export type { Removed } from './lint/code-use/removed.ts'
export { type Config, defaultConfig } from './lint/config/config.ts'
export type { CheckedConfig, ConfigProblem, PartialConfig } from './lint/config/config-file.ts'
export { completeConfig } from './lint/config/config-file.ts'
export type { Edit, Finding, Fix, Label } from './lint/finding.ts'
export { type Code, type Help, type HelpPart, helpText } from './lint/help.ts'
export type { History, MigrationFile } from './lint/history/history.ts'
export { type Plugin, withPlugins } from './lint/plugin.ts'
export type { InternalError, Report, ReportedFinding, SuppressedFinding } from './lint/report.ts'
export type { MigrationRule, OperationRule, Rule, RuleDefinition, StepRule } from './lint/rule.ts'
export { defineRule } from './lint/rule.ts'
export { type Coverage, type Covering, coverage, type Unread } from './lint/unread.ts'
export type { Severity } from './migration/severity.ts'
export type { Effect } from './postgres/effect.ts'
export type { Step } from './postgres/step.ts'
export type { Discovery, DiscoveryOptions, Project } from './systems/discover.ts'
export { systems } from './systems/index.ts'
export { mapTree, type Tree } from './systems/reading/tree.ts'
export type { System } from './systems/system.ts'
