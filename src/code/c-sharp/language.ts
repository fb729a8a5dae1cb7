import type { Language } from '../evaluator/machine.ts'
import * as method from '../evaluator/methods.ts'
import { functionOf, host } from '../host.ts'
import { joined, textAt } from '../text.ts'
import { known, truth, unknown, type Value } from '../value.ts'
import { filesOfCSharp } from './files.ts'
import { syntaxOfCSharp } from './syntax.ts'

/** C# 8 and later. */
export const cSharp: Language = {
  syntaxOf: syntaxOfCSharp,
  // Conditions in C# are truth values only.
  truth: value => (value.kind === 'list' || value.kind === 'record' ? null : truth(value)),
  written: value => (value === true ? 'True' : value === false ? 'False' : value === null ? '' : String(value)),
  impliesSelf: true,
  constructorOf: name => name,
  globals: new Map<string, Value>([
    ['string', texts()],
    ['String', texts()],
    ['Environment', host('Environment', { NewLine: textAt('\n', [0, 0]) })],
    ['base', host('base', { Up: nothingOf('base.Up'), Down: nothingOf('base.Down') })],
  ]),
  files: filesOfCSharp,
  unresolved: (name, at) =>
    /(?:Exception|Error)$/.test(name)
      ? functionOf(name, call => unknown('it is an error', call.at))
      : unknown('it comes from another file', at, true, name),
  imported: (module, member, at) => unknown('it comes from another file', at, true, member ?? module),
  methodOf: (of, name) => method.methodIn(methods, of, name),
}

/** Methods of a base class in another file: those of `Migration` do nothing. */
function nothingOf(name: string): Value {
  return functionOf(name, ({ at }) => known(null, at))
}

function texts(): Value {
  return host('string', {
    Empty: textAt('', [0, 0]),
    Join: functionOf('string.Join', ({ args: [between, items], at }) => {
      if (between?.kind !== 'text' || items?.kind !== 'list' || items.isOpen)
        return unknown('part of the list is unknown', at)
      const parts = items.items.flatMap(item => (item.kind === 'text' ? [item] : []))
      return parts.length === items.items.length ? joined(parts, between) : unknown('it is not text', at)
    }),
    Concat: functionOf('string.Concat', ({ args, at }) => {
      const parts = args.flatMap(item => (item.kind === 'text' ? [item] : []))
      return parts.length === args.length ? joined(parts) : unknown('it is not text', at)
    }),
  })
}

const methods: method.Methods = {
  text: new Map<string, method.OfText>([
    ['Trim', method.trim],
    ['TrimStart', method.trimStart],
    ['TrimEnd', method.trimEnd],
    ['ToUpper', method.upper],
    ['ToUpperInvariant', method.upper],
    ['ToLower', method.lower],
    ['ToLowerInvariant', method.lower],
    ['ToString', method.itself],
    ['Replace', method.replaceAll],
    ['StartsWith', method.startsWith],
    ['EndsWith', method.endsWith],
    ['Contains', method.includesText],
  ]),
  list: new Map<string, method.OfList>([
    ['ToArray', method.itself],
    ['ToList', method.itself],
    ['Select', method.map],
    ['Where', method.keep(true)],
    ['Concat', method.concat],
    ['Add', method.push],
    ['ForEach', method.forEach],
    ['Contains', method.includesItem],
  ]),
  record: new Map(),
  plain: new Map([['ToString', (of, { at }, machine) => machine.asText(of, at)]]),
}
