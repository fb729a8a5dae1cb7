import { NotRead } from '../../code/given/not-read.ts'
import { textIn } from '../../code/given/value.ts'
import { joined, plain, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import type { Blueprint } from './blueprint.ts'
import { given } from './given.ts'
import type { Model } from './model.ts'

/** The model in the argument, and the column that refers to it. */
export function modelColumn(blueprint: Blueprint, call: Call): { readonly model: Model; readonly column: Value } {
  const { get } = given(call, ['model', 'column'])
  const name = get('model')
  if (name?.kind !== 'text' || unknownIn(name) !== null) throw new NotRead('the model is not known', call.at)
  const model = blueprint.settings.model(plain(name).replace(/^\\/, ''))
  if (!model) throw new NotRead(`the model \`${plain(name)}\` could not be read`, call.at)
  return { model, column: get('column') ?? textAt(model.foreignKey, call.nameAt) }
}

export function morphColumns(name: Value | undefined, { at, nameAt }: Call): [Text, Text] {
  const text = textIn(name, at, 'the name')
  return [joined([text, textAt('_type', nameAt)]), joined([text, textAt('_id', nameAt)])]
}
