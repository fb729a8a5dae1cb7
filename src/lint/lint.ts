import { changeRules, historyRules } from '../migration/change.ts'
import { isMigration, type MigrationInput } from '../migration/migration.ts'
import { remarksOf } from '../migration/remark.ts'
import { severities } from '../migration/severity.ts'
import { append } from '../parse/list.ts'
import { lookUp } from '../parse/look-up.ts'
import type { Source, Statement } from '../parse/script.ts'
import { coverOf } from '../parse/sorted.ts'
import { helpInFile } from './advice/in-code.ts'
import { Budget, type Clock } from './budget.ts'
import type { CodeSearch } from './code-use/code-use.ts'
import { isNamedAgain, isThere } from './code-use/removed.ts'
import { withCodeUse } from './code-use/with-code-use.ts'
import type { Config } from './config/config.ts'
import { formerNames, type Setting, settings, settingsByFile } from './config/severity.ts'
import { inOneReport, type JudgedReport } from './examination/by-version.ts'
import type { Examination } from './examination/examination.ts'
import { examine, examineSuppressions } from './examination/examine.ts'
import { type RuleSet, ruleSet } from './examination/rule-set.ts'
import { heldKey } from './examination/waiting.ts'
import type { Finding } from './finding.ts'
import { fingerprints } from './fingerprint.ts'
import { givenUp, type History, type MigrationFile, type Reading, readHistory } from './history/history.ts'
import { fromMemory, type Memory } from './history/memory.ts'
import { countBefore, type Selectable, selected } from './history/selected.ts'
import { unexplained } from './history/unexplained.ts'
import { listedEffects } from './listed-effects.ts'
import { lockTimeline } from './lock-timeline.ts'
import {
  findingInFile,
  generatedSql,
  isUnreadCode,
  placeIn,
  scriptInFile,
  sourceOf,
  statementsOf,
  whyIn,
} from './places.ts'
import { isOfUnloaded, notLoaded } from './plugin.ts'
import type { Registry } from './registry.ts'
import type { Report, ReportedFinding, RuleSummary, SuppressedFinding } from './report.ts'
import type { Rule } from './rule.ts'
import { countAlike, isBeyondParser, majorOf, otherVersionsOf, serverIn, serverNotices } from './server.ts'
import { withSizes } from './sizes/with-sizes.ts'
import { statementFinder } from './suppression/directive-scope.ts'
import { silences, suppress } from './suppression/suppression.ts'
import { ruleUrl, tool } from './tool.ts'
import { unreadFolders } from './unread.ts'
import { unreadIn } from './unread-in.ts'
import type { Watch } from './watch.ts'

export interface LintInput {
  /** All migrations, in the order of application: earlier ones tell what is in the database. */
  readonly migrations: readonly MigrationInput[]
  readonly config: Config
  readonly registry: Registry
  /** Which files to report on; the others only build the catalog. Default: all. */
  readonly report?: (path: string, file: Selectable) => boolean
  /** The migration system's title, for people. */
  readonly system?: string
  /** Lines for people that the report includes: files that could not be read… */
  readonly notices?: readonly string[]
  /**
   * Holds each file to `secondsPerFile` of the configuration. Without it there is no limit, and the report never
   * depends on time.
   */
  readonly clock?: Clock
  /** Looks for the names that findings take away in the code beside the migrations. Without it, the report says nothing about code. */
  readonly searchCode?: CodeSearch
  /** Is told what the run is doing. */
  readonly watch?: Watch
  /** What earlier runs have found out. It makes a run faster, and never changes its report. */
  readonly memory?: Memory | undefined
}

/** Lints migrations. Pure: the same input gives the same report, on any platform. Throws on no input. */
export async function lint(input: LintInput): Promise<Report> {
  const reports: JudgedReport[] = []
  let left = serverIn(input.config).versions
  const reading: Reading = {}
  for (let [version] = left; version !== undefined; [version] = left) {
    const config = { ...input.config, pgVersion: version }
    const { report, boundaries } = await lintFor({ ...input, config }, isBeyondParser(version) ? {} : reading)
    const versions = left.slice(0, countAlike(left, boundaries))
    reports.push({ versions, report })
    left = left.slice(versions.length)
  }
  const report = withSizes(inOneReport(reports, input.registry.rules, serverIn(input.config)), input)
  return input.searchCode ? withCodeUse(report, input.searchCode, input) : report
}

/** Judges the migrations for the version of the configuration, and says where newer ones may differ. */
async function lintFor(
  input: LintInput,
  reading: Reading,
): Promise<{ readonly report: Report; readonly boundaries: ReadonlySet<number> }> {
  const { migrations, config, memory } = input
  const { compat } = config
  const { pgVersion } = config
  const versions = {
    version: majorVersion(config),
    otherVersions: otherVersions(config),
    isNewer: isBeyondParser(pgVersion),
  }
  return fromMemory(migrations, countBefore(migrations, input), versions, memory, async past => {
    const budget = new Budget(input.clock ?? null, config.secondsPerFile, input.watch)
    const history = await readHistory(migrations, { ...versions, ...past, compat, budget, reading })
    return { report: judge(history, input, budget), boundaries: history.boundaries }
  })
}

/** The second half of `lint`, for a history that was read already. */
export function judge(
  history: History,
  input: Omit<LintInput, 'migrations'>,
  budget: Budget = new Budget(input.clock ?? null, input.config.secondsPerFile, input.watch),
): Report {
  const { config, registry } = input
  const { files, early, notices } = selected(history.files, input)
  const [set, setFor] = [settings(config), settingsByFile(config)]
  const code = [...unreadFolders(files.filter(isUnreadCode)).values()]
  const codeInFolder = code.flatMap(([first, ...others]) =>
    first ? unreadIn(first).map(({ why }) => [first.path, { count: others.length + 1, why }] as const) : [],
  )
  const examination: Examination = {
    history,
    config,
    version: majorVersion(config),
    since: version => isSince(config, version, history.boundaries),
    trackingTables: registry.trackingTables,
    internalErrors: [...history.internalErrors],
    check: budget.check,
    asked: input.watch?.rule?.bind(input.watch) ?? unwatched,
    written: new Map(history.files.flatMap(({ path, written }) => (written ? [[path, written] as const] : []))),
    codeInFolder: new Map(codeInFolder),
  }
  const isOn = (id: string, path: string) =>
    registry.rules.some(rule => rule.id === id && set(rule, path).severity !== 'off')
  const heard = unexplained(files, isOn)
  const system = input.system ?? 'plain SQL'
  const findings: ReportedFinding[] = []
  const suppressed: SuppressedFinding[] = []
  // As set for any of the files, the main setting first.
  const enabled = new Map<Rule, Setting>(registry.rules.map(rule => [rule, set(rule, '')]))
  const heldToHistory = registry.rules.filter(({ id }) => aboutHistory.has(id))
  const seen = new Set<RuleSet>()
  const examined = (file: MigrationFile) => {
    const rules = ruleSet(early.has(file) ? heldToHistory : registry.rules, setFor(file.path))
    if (!seen.has(rules)) {
      seen.add(rules)
      for (const { rule, setting } of rules.all) if (enabled.get(rule)?.severity === 'off') enabled.set(rule, setting)
    }
    const told = examineFile(heard(file), rules, examination, system)
    append(findings, told.findings)
    append(suppressed, told.suppressed)
  }
  const judged = [...files]
  budget.each(
    'rules',
    files,
    ({ script }) => script.source.text.length,
    examined,
    (file, i) => {
      const left = { ...file, ...givenUp(file.script.source, budget.message), steps: [] }
      judged[i] = left
      examined(left)
    },
  )
  const reported = new Set(files)
  const last = history.files.findLastIndex(file => reported.has(file))
  const earlier = history.files.slice(0, Math.max(0, last)).filter(file => isUnreadCode(file) && !reported.has(file))
  const count = (severity: Finding['severity']) => findings.filter(finding => finding.severity === severity).length
  return {
    findings,
    suppressed,
    timelines: migrationsOf(judged).map(file => lockTimeline(file.path, file.steps, at => placeIn(file, at))),
    sources: sourcesOf([...findings, ...suppressed], files, history),
    rules: enabledRules(registry, enabled),
    summary: {
      migrations: migrationsOf(files).length,
      statements: judged.reduce((sum, file) => sum + statementsOf(file).length, 0),
      errors: count('error'),
      warnings: count('warning'),
      notes: count('note'),
      suppressed: suppressed.length,
      earlierNotRead: earlier.length,
    },
    unread: judged.flatMap(unreadIn),
    notices: [
      ...(input.notices ?? []),
      ...notices,
      ...formerNames(config, registry.rules),
      ...notLoaded(config, registry),
      ...serverNotices(serverIn(config)),
    ],
    servers: [serverIn(config)],
    internalErrors: examination.internalErrors,
    system,
    milliseconds: null,
    tool,
  }
}

const unwatched = () => {}

const aboutHistory: ReadonlySet<string> = new Set(historyRules)

function migrationsOf(files: readonly MigrationFile[]): MigrationFile[] {
  return files.filter(({ input }) => isMigration(input))
}

function isSince(config: Config, version: number, boundaries: Set<number>): boolean {
  if (majorVersion(config) >= version) return true
  boundaries.add(version)
  return false
}

/** The major version that is judged. */
export function majorVersion(config: Pick<Config, 'pgVersion'>): number {
  return majorOf(config.pgVersion)
}

/** Other major versions that may be meant, the likeliest first; none if somebody named the version. */
export function otherVersions(config: Pick<Config, 'pgVersion' | 'server'>): readonly number[] {
  return otherVersionsOf(serverIn(config), config.pgVersion)
}

function examineFile(file: MigrationFile, set: RuleSet, examination: Examination, system: string) {
  const { path, script, directives, input } = file
  const isDown = (input.kind === 'sql' || input.kind === 'code') && input.down !== undefined
  const { active, rules } = set
  const statementAt = statementFinder(script)
  const origins = new Map<Finding, Statement | undefined>()
  const byPath = (other: string) => examination.written.get(other)
  const shown = scriptInFile(file)
  const placed = (finding: Finding) => findingInFile(finding, file, byPath)
  const silencing = (found: readonly Finding[]) => {
    const places = new Map(found.map(finding => [finding, placed(finding)]))
    const isSilenced = silences({ script: shown, directives, rules }, [...places.values()])
    return (finding: Finding) => isSilenced(places.get(finding) ?? finding)
  }
  const found = mergeEqual(examine(file, set, examination, silencing).filter(standsAlone(file, set))).map(finding => {
    const inFile = { ...placed(finding), why: whyIn(file, finding), help: helpInFile(finding.help, file) }
    origins.set(inFile, statementAt(finding.at[0]))
    return inFile
  })
  const outcome = suppress({
    script: shown,
    directives,
    findings: found,
    rules,
    ran: rule => set.isActive.has(rule),
    dismissed: rule => set.isDismissed.has(rule),
    requireReason: examination.config.requireReason,
    isElsewhere: name => isOfUnloaded(name, examination.config, rules),
  })
  const about = mergeEqual(examineSuppressions(file, outcome.suppressions, active, examination))
  const standing = [...outcome.kept, ...about].map(finding => {
    const reason = allowance(file, finding)
    return { finding, silenced: reason !== null, reason }
  })
  const silenced = outcome.suppressed.map(({ finding, reason }) => ({ finding, silenced: true, reason }))
  const fingerprint = fingerprints()
  const end = examination.history.steps.at(-1)?.after
  const findings: ReportedFinding[] = []
  const suppressed: SuppressedFinding[] = []
  // Fingerprints are assigned before suppressed findings are taken out: silencing one finding must not change those of
  // equal ones.
  for (const { finding, silenced: isSilenced, reason } of [...standing, ...silenced].sort((a, b) =>
    byPlace(a.finding, b.finding),
  )) {
    const origin = origins.has(finding) ? origins.get(finding) : statementAt(finding.at[0])
    const known = fingerprint(path, finding.rule, origin?.text ?? script.source.text.slice(...finding.at))
    const sql = generatedSql(file, origin)
    const { removes, ...rest } = finding
    // If a later migration makes an object of the same name, code may mean that one.
    const later = removes ? file.steps.slice(file.steps.findIndex(({ statement }) => statement === origin) + 1) : []
    const gone = removes?.filter(each => each.stays || !end || !(isThere(end, each) || isNamedAgain(later, each))) ?? []
    const reported: ReportedFinding = {
      ...rest,
      ...(gone.length > 0 && gone.length === removes?.length && { removes: gone }),
      ...(finding.effects && listedEffects(finding.effects)),
      severity: isDown && finding.severity === 'error' ? 'warning' : finding.severity,
      path,
      system,
      fingerprint: known.finding,
      statement: `${isDown ? 'down:' : ''}${known.statement}${heldKey(finding)}`,
      url: ruleUrl(finding.rule, rules),
      ...(sql !== null && { sql }),
    }
    if (isSilenced) suppressed.push({ ...reported, reason })
    else findings.push(reported)
  }
  return { findings, suppressed }
}

/** Why a change of an applied migration is allowed, if somebody has allowed it: the finding is then not lost, but suppressed. */
function allowance({ changes }: MigrationFile, { rule }: Finding): string | null {
  return changes.find(({ kind, allowed }) => changeRules[kind] === rule && allowed !== null)?.allowed ?? null
}

function byPlace(a: Finding, b: Finding): number {
  return a.at[0] - b.at[0] || a.at[1] - b.at[1] || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)
}

/**
 * False for findings of other rules about text that PostgreSQL's parser refused: the syntax error is enough. A piece of
 * a body that the system cuts apart is not a statement either.
 */
function standsAlone({ script, remarks }: MigrationFile, { aboutFiles }: RuleSet): (finding: Finding) => boolean {
  const broken = [
    ...script.problems.filter(({ kind }) => kind === 'syntax-error' || kind === 'unterminated'),
    ...remarksOf(remarks, 'cut-body').map(({ whole }) => ({ span: whole })),
  ]
  const isBroken = coverOf(broken.map(({ span }) => span))
  return ({ rule, at }) => aboutFiles.has(rule) || !isBroken(at[0])
}

/** Makes one finding of several that a rule reports for one place, for instance for each of the indexes that a clause builds. */
function mergeEqual(findings: readonly Finding[]): Finding[] {
  const merged = new Map<string, Finding>()
  const placeOf = ({ rule, at }: Finding) => `${rule} ${at[0]} ${at[1]}`
  const places = new Map<string, number>()
  for (const finding of findings) places.set(placeOf(finding), (places.get(placeOf(finding)) ?? 0) + 1)
  for (const finding of findings) {
    const place = placeOf(finding)
    // A statement of a long transaction may make thousands of relations wait.
    const key = places.get(place) === 1 ? place : `${place} ${relationsOf(finding)}`
    const first = merged.get(key)
    merged.set(key, first ? heavier(first, finding) : finding)
  }
  return [...merged.values()]
}

/** The relations that a finding is about, because the effects of a called function on several relations are reported for each. */
function relationsOf({ effects = [] }: Finding): string {
  return effects
    .map(({ oid }) => oid)
    .sort((a, b) => a - b)
    .join()
}

function heavier(a: Finding, b: Finding): Finding {
  return severities.indexOf(b.severity) < severities.indexOf(a.severity) ? b : a
}

function enabledRules(registry: Registry, active: ReadonlyMap<Rule, Setting>): RuleSummary[] {
  return registry.rules.flatMap(rule => {
    const setting = active.get(rule)
    if (!setting || setting.severity === 'off') return []
    const { id, title, why, category } = rule
    return [
      {
        id,
        title,
        why,
        category,
        severity: setting.severity,
        url: ruleUrl(id, [rule]),
        page: lookUp(registry.pages, id) ?? '',
      },
    ]
  })
}

/** The files that a reader of the report will look at. */
function sourcesOf(
  findings: readonly ReportedFinding[],
  files: readonly MigrationFile[],
  history: History,
): Map<string, Source> {
  const named = findings.flatMap(({ path, related }) => [path, ...(related ?? []).map(label => label.path)])
  const paths = new Set([...named, ...files.map(({ path }) => path)])
  return new Map(history.files.filter(({ path }) => paths.has(path)).map(file => [file.path, sourceOf(file)]))
}
