import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { registry } from '../../src/index.ts'
import { type Level, levels } from '../../src/lint/config/config.ts'
import { presetSeverity } from '../../src/lint/config/severity.ts'
import type { Rule } from '../../src/lint/rule.ts'

// An upgrade never breaks a build: the severity of a rule in the default preset may become milder in any release, and stricter only in a
// major one, for which people change this file by hand. A rule that is not in it is new. Before the first release, a new rule is listed
// with the severity that it will have then.
const file = 'test/rules/recommended.json'
const released = JSON.parse(readFileSync(new URL('recommended.json', import.meta.url), 'utf8')) as Record<string, Level>

/** Rules that are stricter in `recommended` than they may be before the next major version, with the severity that each may have. */
function tooStrict(rules: readonly Rule[]): string[] {
  return rules.flatMap(rule => {
    const names = [rule.id, ...(rule.formerly ?? [])]
    const known = names.find(name => Object.hasOwn(released, name))
    const allowed = known === undefined ? 'note' : (released[known] ?? 'note')
    const is = presetSeverity(rule, 'recommended')
    if (levels.indexOf(is) >= levels.indexOf(allowed)) return []
    return [`${rule.id} is ${is}, and may be ${allowed}`]
  })
}

test('a rule that is new or stricter is a note or off in "recommended" until the next major version', () => {
  expect(
    tooStrict(registry.rules),
    `write presets: { recommended: … } into the rule, or list it in ${file} if no release has it`,
  ).toEqual([])
})

test('for a new rule, for an old one and for a renamed one', () => {
  const [known] = registry.rules.filter(rule => released[rule.id] === 'warning')
  if (!known) throw new Error(`${file} has no rule that is a warning`)
  const stricter: Rule = { ...known, severity: 'error', presets: {} }
  expect(tooStrict([known])).toEqual([])
  expect(tooStrict([stricter])).toEqual([`${known.id} is error, and may be warning`])
  expect(tooStrict([{ ...stricter, id: 'other', formerly: [known.id] }])).toEqual([
    'other is error, and may be warning',
  ])
  expect(tooStrict([{ ...known, id: 'constructor', presets: {} }])).toEqual(['constructor is warning, and may be note'])
  expect(tooStrict([{ ...known, id: 'new-one', presets: { recommended: 'note' } }])).toEqual([])
})

test('every released rule exists, under its own name or a later one', () => {
  const names = new Set(registry.rules.flatMap(({ id, formerly = [] }) => [id, ...formerly]))
  const lost = Object.keys(released).filter(id => !names.has(id))
  expect(
    lost,
    'a rule that is renamed says so in "formerly"; one that goes leaves this file in a major version',
  ).toEqual([])
})
