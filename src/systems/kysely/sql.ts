import { answer, functionOf, host, textGiven } from '../../code/host.ts'
import type { Run } from '../../code/run.ts'
import { hole, joined, type Text, textAt } from '../../code/text.ts'
import type { Call, Host, Value } from '../../code/value.ts'
import { compiled } from './builder.ts'
import { literalGiven, sendNumbered, sqlOf, standsFor } from './fragment.ts'
import { identifier, identifierGiven, nameGiven, reference, tableName } from './name.ts'
import { parameterOf } from './operand.ts'

/** The template tag `sql`, and its functions: src/raw-builder/sql.ts. */
export function sqlTag(run: Run): Host {
  const made = (text: Text): Host => {
    const members = new Map<string, Value>()
    const own: Host = standsFor({ kind: 'host', name: 'sql', get: name => members.get(name) }, () => text)
    members.set(
      'execute',
      functionOf('sql.execute', ({ at }) => {
        sendNumbered(run, text, at)
        return answer(at)
      }),
    )
    for (const name of ['$castTo', '$notNull'])
      members.set(
        name,
        functionOf(`sql.${name}`, () => own),
      )
    members.set(
      'compile',
      functionOf('sql.compile', () => compiled(() => text)),
    )
    members.set(
      'as',
      functionOf('sql.as', call =>
        made(joined([text, sqlOf(call.args[0]) ?? identifierGiven(call)], textAt(' as ', call.nameAt))),
      ),
    )
    return own
  }
  const makes = (name: string, text: (call: Call) => Text) =>
    [name, functionOf(`sql.${name}`, call => made(text(call)))] as const
  const members = Object.fromEntries([
    makes('raw', call => textGiven(call)),
    makes('ref', call => reference(nameGiven(call), call.argsAt[0] ?? call.at)),
    makes('table', call => tableName(nameGiven(call), null)),
    makes('id', call =>
      joined(
        call.args.map((_, i) => identifier(nameGiven(call, i))),
        textAt('.', call.at),
      ),
    ),
    makes('lit', call => literalGiven(call)),
    makes('literal', call => literalGiven(call)),
    makes('val', call => inTemplate(call.args[0], call.at)),
    makes('value', call => inTemplate(call.args[0], call.at)),
    makes('join', list),
  ])
  return host('sql', members, call => made(templateText(call)))
}

function list({ args: [items, separator], argsAt, at }: Call): Text {
  if (items?.kind !== 'list' || items.isOpen) return hole(at, 'part of the list is unknown')
  return joined(
    items.items.map(item => inTemplate(item, argsAt[0] ?? at)),
    separator ? (sqlOf(separator) ?? hole(at, 'the text between them is unknown')) : textAt(', ', at),
  )
}

/** Every value in the template that `sql` did not make is a parameter. */
function templateText({ template = [], args, argsAt, at }: Call): Text {
  return joined(
    template.flatMap((text, i) => {
      const value = args[i]
      return value === undefined ? [text] : [text, inTemplate(value, argsAt[i] ?? at)]
    }),
  )
}

function inTemplate(value: Value | undefined, at: Call['at']): Text {
  return sqlOf(value, 'template') ?? parameterOf(value, at)
}
