import { listed, sqlAt } from '../../code/given/sql.ts'
import { isNone } from '../../code/given/value.ts'
import { functionOf } from '../../code/host.ts'
import { hole, joined, type Text, textAt } from '../../code/text.ts'
import type { Call, Entries, Host, Value } from '../../code/value.ts'
import type { Setting } from './builder.ts'
import { caseOf } from './case.ts'
import { typeGiven } from './column.ts'
import { comparison, condition, isTruth } from './condition.ts'
import { literal, sqlOf } from './fragment.ts'
import { functionsOf } from './function.ts'
import { nameGiven, reference, tableName } from './name.ts'
import { referenceIn, valueIn } from './operand.ts'
import { selectFromCall } from './select.ts'
import { bracketed, isBracketed, wrapped } from './wrapped.ts'

/** The builder of expressions, `eb`: src/expression/expression-builder.ts. It may be called itself: `eb('name', '=', 5)`. */
export function expressionsOf(setting: Setting): Host {
  const members = new Map<string, Value>()
  const self: Host = {
    kind: 'host',
    name: 'eb',
    isInert: true,
    get: name => members.get(name),
    call: call => wrapped(comparison(call, setting), setting),
  }
  members.set('eb', self)
  members.set('fn', functionsOf(setting))
  const put = (name: string, made: (call: Call) => Value) => members.set(name, functionOf(`eb.${name}`, made))
  for (const [name, sql] of Object.entries(simple)) put(name, call => wrapped(sql(call, setting), setting))
  put('selectFrom', call => selectFromCall(call, setting, null))
  put('case', call => caseOf(call, setting))
  put('and', call => filters(call, 'and', setting))
  put('or', call => filters(call, 'or', setting))
  put('parens', call => {
    const [first] = call.args
    if (call.args.length === 1 && first && isBracketed(first)) return first
    const sql = call.args.length === 1 ? sqlOf(first, 'alone') : undefined
    return bracketed(sql ?? condition(call, setting), setting)
  })
  put('withSchema', call => expressionsOf({ ...setting, schema: nameGiven(call) }))
  return self
}

type Made = (call: Call, setting: Setting) => Text

const simple: Readonly<Record<string, Made>> = {
  ref: call =>
    call.args.length === 1
      ? reference(nameGiven(call), call.argsAt[0] ?? call.at)
      : hole(call.at, 'paths into JSON are not read yet'),
  table: call => tableName(nameGiven(call), null),
  val: (call, setting) => valueIn(call.args[0], call.argsAt[0] ?? call.at, setting),
  lit: call => {
    const [value, at] = [call.args[0], call.argsAt[0] ?? call.at]
    return value?.kind === 'text' ? hole(at, 'Kysely refuses a text here') : literal(value, at)
  },
  tuple: tuple(valueIn),
  refTuple: tuple(referenceIn),
  unary: (call, setting) => {
    const [operator] = call.args
    const sql = referenceIn(call.args[1], call.argsAt[1] ?? call.at, setting)
    if (operator?.kind !== 'text') return hole(call.at, 'its operator is unknown')
    return sqlAt(call.nameAt)`${operator} ${sql}`
  },
  not: before('not '),
  exists: before('exists '),
  neg: before('-'),
  between: between('between'),
  betweenSymmetric: between('between symmetric'),
  cast: (call, setting) =>
    sqlAt(call.nameAt)`cast(${referenceIn(call.args[0], call.argsAt[0] ?? call.at, setting)} as ${typeGiven(call, 1)})`,
}

function before(words: string): Made {
  return (call, setting) => sqlAt(call.nameAt)`${words}${referenceIn(call.args[0], call.argsAt[0] ?? call.at, setting)}`
}

function between(words: string): Made {
  return (call, setting) => {
    const [first, start, end] = [0, 1, 2].map(i => {
      const place = call.argsAt[i] ?? call.at
      return i === 0 ? referenceIn(call.args[i], place, setting) : valueIn(call.args[i], place, setting)
    })
    return first && start && end ? sqlAt(call.nameAt)`${first} ${words} ${start} and ${end}` : hole(call.at, words)
  }
}

function tuple(each: typeof valueIn): Made {
  return (call, setting) => {
    const items = call.args.map((item, i) => each(item, call.argsAt[i] ?? call.at, setting))
    return sqlAt(call.nameAt)`(${listed(items, call.nameAt)})`
  }
}

/** `parseFilterList` and `parseFilterObject`: in brackets where there are several. */
function filters(call: Call, word: 'and' | 'or', setting: Setting): Value {
  const [value, at] = [call.args[0], call.argsAt[0] ?? call.at]
  const items = filtersIn(value, at, call, setting)
  if (items.length === 0) return wrapped(textAt(word === 'and' ? '1 = 1' : '1 = 0', call.nameAt), setting)
  const sql = joined(items, textAt(` ${word} `, call.nameAt))
  return items.length > 1 ? bracketed(sql, setting) : wrapped(sql, setting)
}

function filtersIn(value: Value | undefined, at: Call['at'], call: Call, setting: Setting): Text[] {
  if (value?.kind === 'record' && !value.isOpen) return equalities(value, at, call, setting)
  if (value?.kind !== 'list') return [hole(at, value?.kind === 'unknown' ? value.why : 'it is not a list')]
  const all = value.items.map(item => sqlOf(item) ?? hole(at, item.kind === 'unknown' ? item.why : 'it is not SQL'))
  return value.isOpen ? [...all, hole(at, 'part of the list is unknown')] : all
}

function equalities({ entries }: Entries, at: Call['at'], call: Call, setting: Setting): Text[] {
  return [...entries].flatMap(([name, value]) => {
    if (isNone(value)) return []
    const way = {
      ...call,
      args: [textAt(name, at), textAt(isTruth(value) ? 'is' : '=', at), value],
      argsAt: [at, at, at],
    }
    return comparison(way, setting)
  })
}
