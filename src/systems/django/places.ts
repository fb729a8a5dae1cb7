import { placeOf } from '../../code/given/value.ts'
import { joined, type Text, textAt } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import type { Place } from './editor.ts'
import { quote } from './names.ts'
import { objectOf } from './object.ts'
import type { Operation } from './operation.ts'
import { modelIn, quotedTable, type State } from './state.ts'

/** SQL that Django makes up points to the name of the operation; names in it point to the arguments that they come from. */
export function placed(sql: string, { nameAt, names }: Place): Text {
  const parts: Text[] = []
  let last = 0
  for (const { index, 0: word } of sql.matchAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'/g)) {
    const at = names.get(word)
    if (!at) continue
    parts.push(textAt(sql.slice(last, index), nameAt), textAt(word, at))
    last = index + word.length
  }
  return joined([...parts, textAt(sql.slice(last), nameAt)])
}

/** The place of an operation, and the places of the names in it that its SQL uses. */
export function placeOfOperation(operation: Operation, app: string, from: State, to: State): Place {
  const names = new Map<string, Span>()
  const fields = new Map<string, Span>()
  const { call } = operation
  const textOf = (value: Value | undefined) => {
    const text = value?.kind === 'text' ? value.pieces.map(piece => piece.text).join('') : null
    const at = placeOf(value, undefined)
    return text !== null && at ? ([text, at] as const) : null
  }
  const addField = (name: Value | undefined, described: Value | undefined) => {
    const found = textOf(name)
    if (!found) return
    const [text, at] = found
    const made = objectOf(described)
    names.set(quote(text), at).set(quote(`${text}_id`), at)
    const column = textOf(made?.named.get('db_column'))
    if (column) names.set(quote(column[0]), column[1])
    fields.set(text, made?.call.at ?? at)
  }
  for (const name of ['model_name', 'name', 'old_name', 'new_name'] as const) {
    const found = textOf(operation.value(name))
    if (!found) continue
    const [text, at] = found
    const isOfModel = name === 'model_name' || !operation.value('model_name')
    if (!isOfModel) addField(operation.value(name), operation.value('field'))
    else
      for (const state of [from, to]) {
        const model = modelIn(state, app, text)
        if (model) names.set(quotedTable(model), at)
      }
  }
  const listed = operation.value('fields')
  if (listed?.kind === 'list')
    for (const each of listed.items) if (each.kind === 'list') addField(each.items[0], each.items[1])
  for (const name of ['index', 'constraint', 'table'] as const) {
    const value = operation.value(name)
    const own = textOf(objectOf(value)?.named.get('name') ?? value)
    if (own) names.set(quote(own[0]), own[1])
  }
  return { at: call.at, nameAt: call.nameAt, names, fields }
}
