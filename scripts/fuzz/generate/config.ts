import { registry } from '../../../src/index.ts'
import { failOnValues, levels, presets, tableSizes, timeoutSetters } from '../../../src/lint/config/config.ts'
import { transactionModes } from '../../../src/migration/transaction-mode.ts'
import { newestVersion, oldestVersion } from '../../../src/postgres/version.ts'
import type { Random } from '../random.ts'
import { mutated } from './mutate.ts'
import { oddName } from './words.ts'

const globs = [
  '*',
  '**',
  '*.sql',
  '**/*.sql',
  '*a*a*a*a*b',
  '{a,b}/**',
  '[a-',
  '!(a)',
  '@(a|b)',
  '+(a|aa)+(b)',
  '(',
  '\\',
  '/',
  './',
  '../**',
  '?',
  '',
]

/** A valid configuration, key by key, often with a mistake in it. */
export function configText(random: Random): string {
  const rule = () => (random.chance(75) ? random.pick(registry.rules).id : oddName(random))
  const setting = () =>
    random.pick<unknown>([
      random.pick(levels),
      random.pick(levels),
      [random.pick(levels), {}],
      ['error', { [oddName(random)]: 1 }],
      1,
      null,
      oddName(random),
    ])
  const rules = () => Object.fromEntries(random.some(0, 4, () => [rule(), setting()]))
  const glob = () => (random.chance(70) ? random.pick(globs) : oddName(random))
  const keys: Readonly<Record<string, () => unknown>> = {
    paths: () => random.some(0, 3, glob),
    ignore: () => random.some(0, 3, glob),
    pgVersion: () => random.pick<unknown>([`${oldestVersion}`, `${newestVersion}`, 15, '14.2', '99', '', 1e99, 'x']),
    system: () => random.pick(['auto', 'plain', 'flyway', 'constructor', '__proto__']),
    systems: () => ({ [oddName(random)]: random.pick(['goose', '__proto__', 'constructor']) }),
    transaction: () => random.pick([...transactionModes, 'x']),
    preset: () => random.pick([...presets, 'toString']),
    rules,
    overrides: () => random.some(0, 3, () => ({ files: random.some(0, 3, glob), rules: rules(), transaction: 'none' })),
    startAfter: () => random.pick<unknown>([null, oddName(random), ['1.sql', oddName(random)], 1]),
    baseline: () => random.pick<unknown>([null, '../../x', oddName(random)]),
    baseRef: () => random.pick<unknown>(['--upload-pack=x', oddName(random)]),
    allowEdit: () => random.some(0, 3, glob),
    editsAllowedUntil: () => oddName(random),
    tables: () => Object.fromEntries(random.some(0, 3, () => [glob(), { size: random.pick([...tableSizes, 'x']) }])),
    timeouts: () => ({ setBy: random.pick([...timeoutSetters, '']) }),
    requireReason: () => random.pick<unknown>([true, false, 'true']),
    compat: () => random.pick<unknown>([true, false, 0]),
    failOn: () => random.pick([...failOnValues, 'x']),
    maxWarnings: () => random.pick<unknown>([0, 1, -1, null, 1e300]),
  }
  const named = random.some(0, 5, () => random.pick(Object.keys(keys)))
  const entries = named.map((key): [string, unknown] => [random.chance(95) ? key : oddName(random), keys[key]?.()])
  const text = JSON.stringify(Object.fromEntries(entries), null, random.pick([0, 2]))
  if (random.chance(45)) return text
  if (random.chance(10)) return deepJson(random)
  return mutated(random, random.chance(30) ? `// ${oddName(random)}\n${text.replace(/\}$/, ',}')}` : text)
}

function deepJson(random: Random): string {
  const depth = random.size(60, 5000)
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"rules":', '}'],
    ['{"overrides":[', ']}'],
  ] as const)
  return `${open.repeat(depth)}1${close.repeat(random.chance(70) ? depth : 1)}`
}
