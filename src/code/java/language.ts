import type { Language } from '../evaluator/machine.ts'
import * as method from '../evaluator/methods.ts'
import { functionOf, host } from '../host.ts'
import { hole, joined, replaced, type Text, textAt } from '../text.ts'
import { type Call, list, nothing, record, truth, unknown, unknownName, type Value } from '../value.ts'
import { filesOfJava } from './files.ts'
import { syntaxOfJava } from './syntax.ts'

/** Java. */
export const java: Language = {
  syntaxOf: syntaxOfJava,
  truth,
  written: value => String(value),
  impliesSelf: true,
  constructorOf: () => '<init>',
  globals: new Map<string, Value>([
    [
      'String',
      host(
        'String',
        {
          format: functionOf('String.format', ({ args: [format, ...values], at }) => formatted(format, values, at)),
          join: functionOf('String.join', ({ args: [between, ...items], at }) => together(between, items, at)),
          valueOf: functionOf('String.valueOf', ({ args: [value], at }) => (value ? written(value, at) : nothing(at))),
        },
        // The bytes of a file become its text, whatever the encoding.
        ({ args: [value], at }) => value ?? textAt('', at),
      ),
    ],
    ['List', host('List', { of: functionOf('List.of', ({ args, at }) => list([...args], at)) })],
    ['Set', host('Set', { of: functionOf('Set.of', ({ args, at }) => list([...args], at)) })],
    ['Arrays', host('Arrays', { asList: functionOf('Arrays.asList', ({ args, at }) => list([...args], at)) })],
    ['Map', host('Map', { of: functionOf('Map.of', mapOf) })],
    ['System', unknown('`System` is not evaluated', [0, 0], false, 'System')],
  ]),
  files: filesOfJava,
  unresolved: (name, at) => unknownName(name, at, true),
  imported: (module, _, at) => {
    const name = module.split('.').at(-1) ?? module
    const own = /^java\.(?:util|lang|io|nio|time|math|text)\./.test(module) ? java.globals.get(name) : undefined
    if (own) return own
    const isHarmless = /^(?:java\.(?:util|lang|io|nio|time|math|text)|org\.slf4j|lombok)\./.test(module)
    return isHarmless
      ? unknown(`\`${name}\` is not evaluated`, at, false, name)
      : unknown('it comes from another file', at, true, name)
  },
  methodOf: (of, name) => method.methodIn(methods, of, name),
}

const methods: method.Methods = {
  text: new Map<string, method.OfText>([
    ['trim', method.trim],
    ['strip', method.trim],
    ['toUpperCase', method.upper],
    ['toLowerCase', method.lower],
    ['startsWith', method.startsWith],
    ['endsWith', method.endsWith],
    ['contains', method.includesText],
    ['replace', method.replaceAll],
    ['concat', (of, { args: [other], at }, machine) => (other ? joined([of, machine.asText(other, at)]) : of)],
    ['formatted', (of, { args, at }) => formatted(of, args, at)],
  ]),
  list: new Map([
    ['add', method.push],
    ['forEach', method.forEach],
    ['stream', method.itself],
    ['contains', method.includesItem],
    ['size', method.count],
  ]),
  record: new Map([
    ['forEach', method.forEachEntry],
    ['get', method.get],
    ['keySet', method.keys],
    ['values', method.values],
  ]),
  plain: new Map(),
}

function written(value: Value, at: Call['at']): Text {
  if (value.kind === 'text') return value
  if (value.kind === 'plain') return textAt(java.written(value.value), at)
  return hole(
    at,
    value.kind === 'unknown' ? value.why : 'it is not text',
    value.kind === 'unknown' ? value.name : undefined,
  )
}

/** `String.format`: only `%s`, `%d` and `%n` without widths are read. */
function formatted(format: Value | undefined, values: readonly Value[], at: Call['at']): Value {
  if (format?.kind !== 'text') return unknown('its text is formatted', at)
  let next = 0
  return replaced(format, /%[\s\S]?/g, ([whole]) => {
    if (whole === '%%') return textAt('%', at)
    if (whole === '%n') return textAt('\n', at)
    const value = /^%[sd]$/.test(whole) ? values[next++] : undefined
    return value ? written(value, at) : hole(at, 'its text is formatted')
  })
}

function together(between: Value | undefined, items: readonly Value[], at: Call['at']): Value {
  const [first] = items
  const all = items.length === 1 && first?.kind === 'list' ? first : list([...items], at)
  if (all.isOpen || !between) return unknown('part of the list is unknown', at)
  return joined(
    all.items.map(item => written(item, at)),
    written(between, at),
  )
}

function mapOf({ args, at }: Call): Value {
  const made = record([], at)
  for (let i = 0; i + 1 < args.length; i += 2) {
    const [key, value] = [args[i], args[i + 1]]
    if (key?.kind === 'text' && value) made.entries.set(key.pieces.map(({ text }) => text).join(''), value)
    else made.isOpen = true
  }
  return made
}
