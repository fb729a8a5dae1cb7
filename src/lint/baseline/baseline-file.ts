import { deepestJson, tooDeepJson } from '../../parse/json.ts'
import { mismatches, type Schema } from '../config/schema.ts'
import type { Accepted, Baseline } from './baseline.ts'

/** path → rule → statement → count */
type Written = Record<string, Record<string, Record<string, number>>>

/** The first version took out less layout than PostgreSQL's own tokens do, and some different statements had the same hash. */
const version = 2

/** More than any project has, but few enough for exact sums and differences. */
const count: Schema = { type: 'integer', minimum: 1, maximum: 1_000_000_000 }
const statements: Schema = { type: 'object', additionalProperties: count }
const rules: Schema = { type: 'object', additionalProperties: statements }
const schema: Schema = {
  type: 'object',
  properties: {
    version: { type: 'integer', minimum: 1, maximum: version, expected: `${version}, the version of the format` },
    findings: { type: 'object', additionalProperties: rules },
  },
  required: ['version', 'findings'],
  additionalProperties: false,
}

export interface ReadBaseline {
  readonly baseline: Baseline
  /** An earlier version of this program wrote it: a few statements have another hash by now. */
  readonly isOlder: boolean
}

/** Reads a baseline's text, or says in a sentence why it is not a baseline. */
export function parseBaseline(text: string): ReadBaseline | { readonly problem: string } {
  const deep = tooDeepJson(text)
  if (deep !== null) {
    return { problem: `Line ${text.slice(0, deep).split('\n').length} is more than ${deepestJson} levels deep.` }
  }
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return { problem: /^<{7} /m.test(text) ? 'It has the marks of a merge conflict.' : 'It is not JSON.' }
  }
  const [wrong] = mismatches(value, schema, 'It')
  if (wrong) return { problem: wrong.message }
  const baseline: Accepted[] = []
  const written = value as { version: number; findings: Written }
  for (const [path, byRule] of Object.entries(written.findings)) {
    for (const [rule, byStatement] of Object.entries(byRule)) {
      for (const [statement, count] of Object.entries(byStatement)) baseline.push({ path, rule, statement, count })
    }
  }
  return { baseline, isOlder: written.version < version }
}

/**
 * The text of a baseline, with a line per statement. The entries must be in order and unique, so that equal baselines
 * have equal texts.
 */
export function printBaseline(baseline: Baseline): string {
  const byPath = new Map<string, Map<string, Map<string, number>>>()
  for (const { path, rule, statement, count } of baseline) {
    const byRule = byPath.get(path) ?? new Map<string, Map<string, number>>()
    const byStatement = byRule.get(rule) ?? new Map<string, number>()
    byPath.set(path, byRule.set(rule, byStatement.set(statement, count)))
  }
  const findings = Object.fromEntries(
    [...byPath].map(([path, byRule]) => [
      path,
      Object.fromEntries([...byRule].map(([rule, byStatement]) => [rule, Object.fromEntries(byStatement)])),
    ]),
  )
  return `${JSON.stringify({ version, findings }, null, 2)}\n`
}
