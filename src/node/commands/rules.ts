import { rules } from '../../../rules/index.ts'
import { pages } from '../../../rules/pages.generated.ts'
import { presets } from '../../lint/config/config.ts'
import { presetSeverity } from '../../lint/config/severity.ts'
import { type ExplainedRules, findRule } from '../../lint/registry.ts'
import type { Rule } from '../../lint/rule.ts'
import { ruleUrl } from '../../lint/tool.ts'
import { greatest } from '../../parse/list.ts'
import { lookUp } from '../../parse/look-up.ts'
import { palette } from '../../report/palette.ts'
import type { Style } from '../../report/reporter.ts'
import { hang } from '../../report/wrap.ts'
import { exitCodes } from '../exit-code.ts'
import type { RulesFlags } from '../flags.ts'
import { unknownRule } from '../input/unknown-rule.ts'
import { write } from '../output/output.ts'
import { renderPage } from './rule-page.ts'

/** Without the tables of migration systems, so that explaining a rule does not load the readers of migrations. */
const ownRules: ExplainedRules = { rules, pages }

/** `migrate-lint rules [id]`: returns the exit code. */
export async function rulesCommand(id: string | undefined, flags: RulesFlags): Promise<number> {
  const { format = 'text', plugins = false, ...look } = flags
  const registry = plugins ? await withPlugins() : ownRules
  if (id === undefined) {
    const json = () => jsonText(registry.rules.map(described))
    write(null, look, style => (format === 'json' ? json() : listRules(registry, style)))
    return exitCodes.ok
  }
  const rule = findRule(registry, id)
  if (!rule) throw unknownRule(id, registry)
  const page = lookUp(registry.pages, rule.id) ?? ''
  write(null, look, style => (format === 'json' ? jsonText({ ...described(rule), page }) : explain(rule, page, style)))
  return exitCodes.ok
}

async function withPlugins(): Promise<ExplainedRules> {
  const { findConfig } = await import('../input/config-file.ts')
  return (await findConfig(undefined, process.cwd(), ownRules, { loadsPlugins: true })).registry
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** A rule for programs. `page` of a single rule is its page in Markdown. */
function described(rule: Rule): Readonly<Record<string, unknown>> {
  return {
    id: rule.id,
    title: rule.title,
    why: rule.why,
    category: rule.category,
    severity: Object.fromEntries(presets.map(preset => [preset, presetSeverity(rule, preset)])),
    options: rule.options ?? {},
    peers: rule.peers ?? [],
    url: ruleUrl(rule.id, [rule]),
  }
}

/** All rules by category, with their severity in the default preset. */
function listRules({ rules }: Pick<ExplainedRules, 'rules'>, style: Style): string {
  const paint = palette(style)
  const idWidth = greatest(
    rules.map(rule => rule.id.length),
    0,
  )
  const categories = [...new Set(rules.map(rule => rule.category))].sort()
  const lines = categories.flatMap(category => {
    const own = rules.filter(rule => rule.category === category).sort((a, b) => (a.id < b.id ? -1 : 1))
    return [
      paint.message(category),
      ...own.map(rule => `  ${rule.id.padEnd(idWidth)}  ${severity(rule)}  ${rule.title}`),
      '',
    ]
  })
  const count = `${rules.length} rules, with their severity in the preset "recommended". Explain one: migrate-lint rules <id>`
  return `${[...lines, count].join('\n')}\n`

  function severity(rule: Rule): string {
    const level = presetSeverity(rule, 'recommended')
    const padded = level.padEnd('warning'.length)
    return level === 'off' ? paint.faint(padded) : paint.severity[level](padded)
  }
}

/** A rule's page, with the facts from the rule's file at the top. */
function explain(rule: Rule, page: string, style: Style): string {
  const paint = palette(style)
  const [recommended, strict] = [presetSeverity(rule, 'recommended'), presetSeverity(rule, 'strict')]
  const facts = [
    ['severity', strict === recommended ? recommended : `${recommended}; in the preset "strict" ${strict}`],
    ['category', rule.category],
    ...(rule.peers?.length ? [['elsewhere', rule.peers.join(', ')]] : []),
    ...Object.entries(rule.options ?? {}).map(([name, option]) => {
      return ['option', `"${name}" (${JSON.stringify(option.default)}): ${option.description}`]
    }),
  ]
  const head = facts.flatMap(([name = '', text = '']) =>
    hang(`  ${name.padEnd('elsewhere'.length)}  `, text, style.width),
  )
  const story = page.replace(/^# .*\n+/, '')
  return `${[paint.message(rule.id), rule.title, '', ...head, '', renderPage(story, style)].join('\n')}`
}
