import { severities } from '../migration/severity.ts'
import { lookUp } from '../parse/look-up.ts'
import type { Span } from '../parse/span.ts'
import { didYouMean } from './config/closest.ts'
import type { Config } from './config/config.ts'
import { orList } from './config/or-list.ts'
import type { Edit, Fix, Label } from './finding.ts'
import type { Help, HelpPart } from './help.ts'
import type { Registry } from './registry.ts'
import { categories, type Rule, type RuleDefinition, type RuleFinding, type RuleResult } from './rule.ts'

/** What the file or package of a plugin exports as its default. */
export interface Plugin {
  /** The rules by their ids, without the prefix: `table-name`. */
  readonly rules: Readonly<Record<string, RuleDefinition>>
  /** The pages of rules by the same ids, Markdown: what `migrate-lint rules acme/table-name` prints. */
  readonly pages?: Readonly<Record<string, string>>
}

/**
 * The registry with the rules of plugins, by their prefixes. Throws an Error about the first mistake in a plugin, whose message is a
 * clause without a full stop: `its rule "x" has no "title"`.
 */
export function withPlugins<Known extends Pick<Registry, 'rules' | 'pages'>>(
  registry: Known,
  plugins: Readonly<Record<string, unknown>>,
): Known {
  const rules: Rule[] = []
  const pages: [string, string][] = []
  for (const [prefix, plugin] of Object.entries(plugins)) {
    const own = checkedPlugin(plugin)
    for (const [id, rule] of Object.entries(own.rules)) {
      rules.push(
        rule.fallback === undefined
          ? prefixed(prefix, id, rule)
          : refuse(id, 'has "fallback", which is for rules of the program'),
      )
    }
    for (const [id, page] of Object.entries(own.pages ?? {})) pages.push([`${prefix}/${id}`, page])
  }
  return {
    ...registry,
    rules: [...registry.rules, ...rules],
    pages: { ...registry.pages, ...Object.fromEntries(pages) },
  }
}

/** The prefixes of plugins that the configuration names and of which there is no rule, so that they cannot have been loaded. */
function unloaded({ plugins }: Pick<Config, 'plugins'>, rules: readonly Pick<Rule, 'id'>[]): string[] {
  return Object.keys(plugins).filter(prefix => !rules.some(({ id }) => id.startsWith(`${prefix}/`)))
}

/** Whether this is the id of a rule of a plugin that the configuration names and that was not loaded. */
export function isOfUnloaded(id: string, config: Pick<Config, 'plugins'>, rules: readonly Pick<Rule, 'id'>[]): boolean {
  const [prefix, rest] = id.split('/')
  return rest !== undefined && unloaded(config, rules).some(each => each === prefix)
}

/** The files and packages of plugins that were not loaded, as the configuration has them. */
export function unloadedPlugins(config: Pick<Config, 'plugins'>, { rules }: Pick<Registry, 'rules'>): string[] {
  return unloaded(config, rules).flatMap(prefix => lookUp(config.plugins, prefix) ?? [])
}

/** A sentence about plugins that were not loaded, for people; nothing if all of them were. */
export function notLoaded(config: Pick<Config, 'plugins'>, { rules }: Pick<Registry, 'rules'>): string[] {
  const missing = unloaded(config, rules)
  if (missing.length === 0) return []
  const named = missing.map(prefix => `"${prefix}" (${lookUp(config.plugins, prefix)})`).join(', ')
  const [what, whose] = missing.length === 1 ? ['The plugin', 'its'] : ['The plugins', 'their']
  return [
    `${what} ${named} ${missing.length === 1 ? 'is code and was' : 'are code and were'} not loaded: ${whose} rules were not checked.`,
  ]
}

const checks = ['check', 'checkStep', 'checkMigration', 'checkSuppressions'] as const

function checkedPlugin(value: unknown): Plugin {
  if (!isRecord(value)) throw new Error('it has no default export with "rules"')
  const { rules, pages = {} } = value
  if (!isRecord(rules)) throw new Error('its default export has no "rules"')
  if (Object.keys(rules).length === 0) throw new Error('it has no rules')
  for (const [id, rule] of Object.entries(rules)) checkRule(id, rule)
  if (!isRecord(pages)) throw new Error('its "pages" are not an object')
  for (const [id, page] of Object.entries(pages)) {
    if (!Object.hasOwn(rules, id)) throw new Error(`it has a page "${id}" without a rule of that id`)
    if (typeof page !== 'string') throw new Error(`its page "${id}" is not text`)
  }
  return { rules, pages } as unknown as Plugin
}

function refuse(id: string, what: string): never {
  throw new Error(`its rule "${id}" ${what}`)
}

/** Whether a rule of a plugin may have this name, without the prefix. */
export function isRuleId(id: string): boolean {
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)
}

function checkRule(id: string, rule: unknown): void {
  if (!isRuleId(id)) {
    throw new Error(`its rule ${JSON.stringify(id)} must have an id in lower case with dashes, such as "table-name"`)
  }
  if (!isRecord(rule)) return refuse(id, 'is not an object')
  for (const key of ['title', 'why'] as const) {
    if (typeof rule[key] !== 'string' || rule[key].trim() === '') refuse(id, `has no "${key}"`)
  }
  oneOf(id, 'severity', rule.severity, severities)
  oneOf(id, 'category', rule.category, categories)
  const own = checks.filter(name => rule[name] !== undefined)
  const [check] = own
  if (check === undefined || own.length > 1) return refuse(id, `must have one of ${orList(checks)}`)
  if (typeof rule[check] !== 'function') refuse(id, `has "${check}", which is not a function`)
  if (check === 'check' && !(isTexts(rule.on) && rule.on.length > 0)) {
    refuse(id, 'has "check", and no list "on" of the operations that it looks at')
  }
  if (rule.formerly !== undefined && !isTexts(rule.formerly)) refuse(id, 'has "formerly", which is not a list of ids')
  if (rule.peers !== undefined && !isTexts(rule.peers)) refuse(id, 'has "peers", which is not a list of names')
  if (rule.presets !== undefined && !isRecord(rule.presets)) refuse(id, 'has "presets", which is not an object')
  if (rule.url !== undefined && !(typeof rule.url === 'string' && /^https?:\/\//.test(rule.url))) {
    refuse(id, 'has "url", which is not a web address')
  }
  if (rule.options !== undefined && !(isRecord(rule.options) && Object.values(rule.options).every(isOption))) {
    refuse(id, 'has "options" that do not all have a "type", a "description" and a "default"')
  }
}

function oneOf(id: string, key: string, value: unknown, words: readonly string[]): void {
  if (typeof value === 'string' && words.includes(value)) return
  const guess = typeof value === 'string' ? didYouMean(value, words).replace(/[?.]$/, '') : ''
  refuse(id, `must have as "${key}" ${orList(words.map(word => `"${word}"`))}${guess}`)
}

function isOption(value: unknown): boolean {
  const types = ['string', 'number', 'boolean', 'array']
  return (
    isRecord(value) &&
    types.includes(String(value.type)) &&
    typeof value.description === 'string' &&
    Object.hasOwn(value, 'default')
  )
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(each => typeof each === 'string')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The rule under its whole id. What its check returns is looked at before the engine gets it. */
function prefixed(prefix: string, id: string, rule: RuleDefinition): Rule {
  const whole = `${prefix}/${id}`
  const formerly = rule.formerly?.map(name => `${prefix}/${name}`)
  const named = { ...rule, id: whole, ...(formerly && { formerly }) }
  // The spread loses which kind of rule it is, and with it which check belongs to which context.
  const watched = checks.flatMap(name => {
    const check = rule[name] as
      | ((context: { readonly script: { readonly source: { readonly text: string } } }) => RuleResult)
      | undefined
    return check
      ? [
          [
            name,
            (context: Parameters<typeof check>[0]) =>
              checkedResult(check.call(rule, context), context.script.source.text),
          ] as const,
        ]
      : []
  })
  return { ...named, ...Object.fromEntries(watched) } as Rule
}

/** The findings that a rule has returned, with the parts that a plugin may say. Throws an Error if it has returned something else. */
function checkedResult(result: unknown, text: string): RuleResult {
  if (result === undefined || result === null) return undefined
  if (isRecord(result) && typeof result.then === 'function') refuseResult('a promise; a check must not be asynchronous')
  return (Array.isArray(result) ? result : [result]).map(each => checkedFinding(each, text.length))
}

function refuseResult(what: string): never {
  throw new Error(`it returns ${what}`)
}

function checkedFinding(value: unknown, length: number): RuleFinding {
  if (!isRecord(value)) return refuseResult('something that is not a finding')
  const { at, message, help, why, severity, related, fix } = value
  if (typeof message !== 'string') return refuseResult('a finding without a "message"')
  if (!isHelp(help)) return refuseResult('a finding without "help"')
  if (!isSpan(at, length)) return refuseResult('a finding whose "at" is not a place [start, end] in the file')
  if (why !== undefined && typeof why !== 'string') return refuseResult('a finding whose "why" is not text')
  const level = severities.find(word => word === severity)
  if (severity !== undefined && level === undefined) return refuseResult('a finding with an unknown "severity"')
  if (related !== undefined && !isListOf(isLabel, related)) return refuseResult('a finding with an unusable "related"')
  if (fix !== undefined && !isFix(fix, length)) return refuseResult('a finding with an unusable "fix"')
  return {
    at,
    message,
    help,
    ...(why !== undefined && { why }),
    ...(level !== undefined && { severity: level }),
    ...(related !== undefined && { related }),
    ...(fix !== undefined && { fix }),
  }
}

function isListOf<Item>(isItem: (value: unknown) => value is Item, value: unknown): value is readonly Item[] {
  return Array.isArray(value) && value.every(isItem)
}

function isLabel(value: unknown): value is Label {
  return (
    isRecord(value) &&
    typeof value.path === 'string' &&
    typeof value.message === 'string' &&
    isSpan(value.at, Number.POSITIVE_INFINITY)
  )
}

function isFix(value: unknown, length: number): value is Fix {
  if (!isRecord(value) || typeof value.title !== 'string') return false
  const isEdit = (edit: unknown): edit is Edit =>
    isRecord(edit) && typeof edit.insert === 'string' && isSpan(edit.at, length)
  return (value.safety === 'safe' || value.safety === 'unsafe') && isListOf(isEdit, value.edits)
}

function isHelp(value: unknown): value is string | Help {
  const isPart = (part: unknown): part is HelpPart =>
    typeof part === 'string' || (isRecord(part) && typeof part.code === 'string' && typeof part.language === 'string')
  return typeof value === 'string' || isListOf(isPart, value)
}

function isSpan(value: unknown, length: number): value is Span {
  if (!Array.isArray(value) || value.length !== 2) return false
  const [start, end] = value
  return Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= length
}
