import type { Language } from '../evaluator/machine.ts'
import { methodIn } from '../evaluator/methods.ts'
import { functionOf, host } from '../host.ts'
import { hole, joined, replaced, type Text, textAt, trimmed } from '../text.ts'
import { type Call, list, nothing, truth, unknown, unknownName, type Value } from '../value.ts'
import { filesOfGo } from './files.ts'
import { syntaxOfGo } from './syntax.ts'

/** Go. */
export const go: Language = {
  syntaxOf: syntaxOfGo,
  truth,
  written: value => (value === null ? '<nil>' : String(value)),
  impliesSelf: false,
  constructorOf: () => '',
  globals: new Map<string, Value>([
    ['append', functionOf('append', appended)],
    ['len', functionOf('len', ({ at }) => unknown('its number is unknown', at))],
    ['string', functionOf('string', ({ args: [value], at }) => value ?? nothing(at))],
    ['panic', functionOf('panic', ({ at }) => nothing(at))],
    ['println', functionOf('println', ({ at }) => nothing(at))],
  ]),
  files: filesOfGo,
  unresolved: (name, at) => unknownName(name, at, true),
  imported: (module, _, at) =>
    packages.get(module) ??
    (harmless.has(module)
      ? unknown(`\`${module}\` is not evaluated`, at, false, module)
      : unknown('it comes from another file', at, true, module)),
  methodOf: (of, name) => methodIn(methods, of, name),
}

const methods = { text: new Map(), list: new Map(), record: new Map(), plain: new Map() }

/** Packages of Go itself that reach no database. */
const harmless = new Set(
  'bytes context crypto/rand encoding/json errors io log log/slog math math/rand os path path/filepath regexp sort strconv time'.split(
    ' ',
  ),
)

const packages: ReadonlyMap<string, Value> = new Map<string, Value>([
  [
    'fmt',
    host('fmt', {
      Sprintf: functionOf('fmt.Sprintf', formatted),
      Errorf: functionOf('fmt.Errorf', ({ at }) => unknown('it is an error', at)),
      Sprint: functionOf('fmt.Sprint', ({ args, at }) => joined(args.map(arg => written(arg, at)))),
      Println: functionOf('fmt.Println', ({ at }) => nothing(at)),
      Printf: functionOf('fmt.Printf', ({ at }) => nothing(at)),
      Print: functionOf('fmt.Print', ({ at }) => nothing(at)),
    }),
  ],
  [
    'strings',
    host('strings', {
      Join: functionOf('strings.Join', ({ args: [items, between], at }) =>
        items?.kind === 'list' && !items.isOpen
          ? joined(
              items.items.map(item => written(item, at)),
              between ? written(between, at) : undefined,
            )
          : unknown('part of the list is unknown', at),
      ),
      TrimSpace: functionOf('strings.TrimSpace', ({ args: [value], at }) =>
        value?.kind === 'text' ? trimmed(value) : (value ?? nothing(at)),
      ),
    }),
  ],
])

function written(value: Value, at: Call['at']): Text {
  if (value.kind === 'text') return value
  if (value.kind === 'plain') return textAt(go.written(value.value), at)
  return hole(
    at,
    value.kind === 'unknown' ? value.why : 'it is not text',
    value.kind === 'unknown' ? value.name : undefined,
  )
}

/** `fmt.Sprintf`: only the verbs `%s`, `%v`, `%d` and `%q` without widths are read. */
function formatted({ args: [format, ...values], at }: Call): Value {
  if (format?.kind !== 'text') return unknown('its text is formatted', at)
  let next = 0
  return replaced(format, /%[\s\S]?/g, ([whole]) => {
    if (whole === '%%') return textAt('%', at)
    const value = values[next++]
    return value && /^%[svd]$/.test(whole) ? written(value, at) : hole(at, 'its text is formatted')
  })
}

function appended({ args: [of, ...items], at }: Call): Value {
  if (of?.kind !== 'list') return list([...items], at)
  return { ...list([...of.items, ...items], at), ...(of.isOpen && { isOpen: true }) }
}
