/** Suppression comments of other linters, for projects that come from one of them. */
import { type CommentLine, type Directive, type DirectiveKind, names } from './comment-line.ts'

/** Facts on which a directive's meaning can depend. */
export interface PeerContext {
  /** There is no statement before the comment. */
  readonly heading: boolean
  readonly blankLineAfter: boolean
}

export type PeerReader = (line: CommentLine, context: PeerContext) => Directive | null

interface Form {
  readonly tool: string
  /** The word or words with which it begins. */
  readonly name: RegExp
  readonly kind: DirectiveKind | ((context: PeerContext) => DirectiveKind)
  /** The rules come before a colon, the reason after it. */
  readonly reasonAfterColon?: boolean
  /** Names are written with or without their category: `lint/safety/banDropColumn`. */
  readonly category?: boolean
  /** Names that stand for all rules. */
  readonly all?: ReadonlySet<string>
  /** Names are accepted in any case of letters, and this is their usual spelling. */
  readonly upperCase?: true
}

// docs/guides/suppressions.md of the Postgres Language Server: `lint` means every rule, and so did `lint/safety`.
const PGLS = { tool: 'pgls', reasonAfterColon: true, category: true, all: new Set(['lint', 'lint/safety']) } as const

// src/rules/disable.ts of MigrationPilot.
const PILOT = { tool: 'migrationpilot', upperCase: true } as const

const FORMS: readonly Form[] = [
  { tool: 'squawk', name: /^squawk-ignore-file(?![\w-])/, kind: 'disable-file' },
  { tool: 'squawk', name: /^squawk-ignore(?:-next-statement)?(?![\w-])/, kind: 'disable-next-statement' },
  { ...PGLS, name: /^pg(?:ls|t)-ignore-all(?![\w-])/, kind: 'disable-file' },
  { ...PGLS, name: /^pg(?:ls|t)-ignore-start(?![\w-])/, kind: 'disable' },
  { ...PGLS, name: /^pg(?:ls|t)-ignore-end(?![\w-])/, kind: 'enable' },
  { ...PGLS, name: /^pg(?:ls|t)-ignore(?![\w-])/, kind: 'disable-next-statement' },
  { tool: 'eugene', name: /^eugene:\s*ignore(?![\w-])/, kind: 'disable-next-statement' },
  { tool: 'pgfence', name: /^(?:pgfence-ignore|pgfence:\s*ignore)(?![\w-]):?/, kind: 'disable-next-statement' },
  { ...PILOT, name: /^migrationpilot-disable-file(?![\w-])/i, kind: 'disable-file' },
  { ...PILOT, name: /^migrationpilot-disable(?![\w-])/i, kind: 'disable-next-statement' },
  {
    // At the top of a file and followed by an empty line, it applies to the whole file (Atlas, "nolint" directive).
    tool: 'atlas',
    name: /^atlas:nolint(?![\w-])/,
    kind: context => (context.heading && context.blankLineAfter ? 'disable-file' : 'disable-next-statement'),
  },
]

/** The directive for another linter in a line of a comment, or null. */
export const readPeer: PeerReader = (line, context) => {
  for (const form of FORMS) {
    const name = form.name.exec(line.text)?.[0]
    if (name === undefined) continue
    const { rules, ruleSpans, reason } = form.reasonAfterColon
      ? beforeColon(line, name.length)
      : names(line, name.length)
    const all = rules.some(rule => form.all?.has(rule))
    return {
      kind: typeof form.kind === 'function' ? form.kind(context) : form.kind,
      rules: all ? [] : rules.map(rule => written(rule, form)),
      ruleSpans: all ? [] : ruleSpans,
      reason,
      span: [line.start, line.start + line.text.length],
      name,
      tool: form.tool,
    }
  }
  return null
}

function written(rule: string, { category, upperCase }: Form): string {
  const own = category ? rule.slice(rule.lastIndexOf('/') + 1) : rule
  return upperCase ? own.toUpperCase() : own
}

function beforeColon(line: CommentLine, offset: number): ReturnType<typeof names> {
  const colon = line.text.indexOf(':', offset)
  if (colon < 0) return names(line, offset)
  const reason = line.text.slice(colon + 1).trim() || null
  return { ...names({ ...line, text: line.text.slice(0, colon) }, offset), reason }
}
