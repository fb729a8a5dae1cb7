import type { Span } from '../../parse/span.ts'
import type { Language } from '../evaluator/machine.ts'
import { functionOf } from '../host.ts'
import { type Call, known, list, nothing, record, truth, unknown, type Value } from '../value.ts'
import { filesOfRuby } from './files.ts'
import { formatted } from './format.ts'
import { methodOfRuby } from './methods.ts'
import { syntaxOfRuby } from './syntax.ts'

/** Ruby 2 and 3. */
export const ruby: Language = {
  syntaxOf: syntaxOfRuby,
  // Nothing but `nil` and `false` counts as false.
  truth: value =>
    value.kind === 'plain'
      ? value.value !== false && (value.value ?? null) !== null
      : (truth(value) ?? (value.kind === 'text' ? true : null)),
  written: value => (value === null || value === undefined ? '' : String(value)),
  impliesSelf: true,
  constructorOf: () => 'initialize',
  maker: 'new',
  globals: new Map<string, Value>([
    ...silentFunctions(),
    ['lambda', functionOf('lambda', ({ block, at }) => block ?? nothing(at))],
    ['proc', functionOf('proc', ({ block, at }) => block ?? nothing(at))],
    ['&range', functionOf('&range', call => range(call, 1))],
    ['&range...', functionOf('&range...', call => range(call, 0))],
    ['format', functionOf('format', formatOf)],
    ['sprintf', functionOf('sprintf', formatOf)],
    [
      'Array',
      functionOf('Array', ({ args: [value], at }) => (value?.kind === 'list' ? value : list(value ? [value] : [], at))),
    ],
    ['__method__', functionOf('__method__', ({ at }) => unknown('it is the name of a method', at))],
    ['block_given?', functionOf('block_given?', ({ at }) => unknown('it asks for a block', at))],
  ]),
  files: filesOfRuby,
  unresolved: (name, at) => {
    // Variables of the whole program: `$stdout`.
    if (name.startsWith('$')) return unknown(`\`${name}\` is not evaluated`, at, false, name)
    if (!/^[A-Z]/.test(name)) return unknown('it is not defined in this file', at, true, name)
    if (harmless.has(name) || /(?:Error|Exception)$/.test(name))
      return unknown(`\`${name}\` is not evaluated`, at, false, name)
    return unknown('it runs code of the application', at, true, name)
  },
  imported: (_, member, at) => unknown('it comes from another file', at, true, member),
  methodOf: methodOfRuby,
}

/** Classes and modules of Ruby and Active Support that reach no database. */
const harmless = new Set(
  (
    'ActiveSupport Array Base64 Benchmark BigDecimal Class Comparable CSV Date DateTime Digest Dir ENV Enumerable File FileUtils Float GC Hash I18n IO Integer ' +
    'JSON Kernel Logger Marshal Math Module NilClass Object ObjectSpace OpenSSL OpenStruct Pathname Proc Process ARGV STDERR STDIN STDOUT ' +
    'Rails Random Rational Regexp RUBY_VERSION Ruby SecureRandom Set String StringIO Struct Symbol Thread Time Timeout URI YAML Zlib'
  ).split(' '),
)

function silentFunctions(): [string, Value][] {
  const names =
    'puts p pp print warn sleep require require_relative require_dependency private public protected private_class_method ' +
    'private_constant module_function attr_reader attr_writer attr_accessor include extend prepend using freeze srand'
  return names.split(' ').map(name => [name, functionOf(name, ({ at }) => nothing(at))])
}

function range({ args: [first, last], at }: Call, more: number): Value {
  const [from, to] = [numberIn(first), numberIn(last)]
  if (from === null || to === null || to - from > 10_000) return unknown('it is a range', at)
  const count = Math.max(0, to - from + more)
  return list(
    Array.from({ length: count }, (_, i) => known(from + i, at)),
    at,
  )
}

function numberIn(value: Value | undefined): number | null {
  return value?.kind === 'plain' && typeof value.value === 'number' ? value.value : null
}

function formatOf({ args: [of, ...args], named, at }: Call): Value {
  if (of?.kind !== 'text') return unknown('its text is formatted', at)
  return formatted(of, named && named.size > 0 ? [record(named, at)] : args, at, value => asText(value, at))
}

function asText(value: Value, at: Span) {
  return value.kind === 'text'
    ? value
    : value.kind === 'plain'
      ? ({ kind: 'text', pieces: [{ text: ruby.written(value.value), at, isVerbatim: false }] } as const)
      : null
}
