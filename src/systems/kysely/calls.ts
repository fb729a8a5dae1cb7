import { answer, functionOf, host, textGiven } from '../../code/host.ts'
import type { CodeReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { hole, joined, plain, quoted, type Text, textAt } from '../../code/text.ts'
import { type Call, type Host, unknown, type Value } from '../../code/value.ts'

/** What Kysely gives to `up` and `down`, and its template tag `sql`: src/raw-builder/sql.ts. */
export const kyselyCalls: CodeReader = {
  entry: 'exports',
  args: () => [host('db', { schema: host('db.schema', {}) })],
  modules: run => {
    const sql = tag(run)
    return {
      kysely: {
        kind: 'host',
        name: 'kysely',
        get: (name, at) => (name === 'sql' ? sql : unknown('it comes from kysely', at)),
      },
    }
  },
}

/** The texts of what `sql` made: they may stand in one another. */
const fragments = new WeakMap<Value, Text>()

function fragmentOf(value: Value): Text | undefined {
  return fragments.get(value)
}

function tag(run: Run): Host {
  const made = (text: Text): Host => {
    const own: Host = host('sql', {
      execute: functionOf('sql.execute', ({ at }) => {
        run.send(text, { at })
        return answer(at)
      }),
      as: functionOf('sql.as', () => own),
      $castTo: functionOf('sql.$castTo', () => own),
    })
    fragments.set(own, text)
    return own
  }
  const ofText = (name: string, change: (text: Text) => Text) =>
    functionOf(`sql.${name}`, call => made(change(textGiven(call))))
  const names = (text: Text) => nameOf(text)
  const join = functionOf('sql.join', ({ args: [items, separator], at }: Call) => {
    if (items?.kind !== 'list' || items.isOpen) return made(hole(at, 'a part of a list is not known'))
    const between = (separator && fragmentOf(separator)) ?? textAt(', ', at)
    return made(
      joined(
        items.items.map(item => inTemplate(item, at, { next: 1 })),
        between,
      ),
    )
  })
  const members: Record<string, Value> = {
    raw: ofText('raw', text => text),
    ref: ofText('ref', names),
    table: ofText('table', names),
    id: functionOf('sql.id', call =>
      made(
        joined(
          call.args.map((_, i) => nameOf(textGiven(call, i))),
          textAt('.', call.at),
        ),
      ),
    ),
    lit: functionOf('sql.lit', call => made(literalOf(call.args[0], call.at))),
    literal: functionOf('sql.literal', call => made(literalOf(call.args[0], call.at))),
    val: functionOf('sql.val', call => made(textAt('$1', call.at))),
    join,
  }
  return host('sql', members, call => made(templateText(call)))
}

/** Names, with dots between them. */
function nameOf(text: Text): Text {
  const [piece] = text.pieces
  const parts = plain(text).split('.')
  return parts.length === 1 || !piece
    ? quoted(text, '"')
    : textAt(parts.map(part => `"${part.replaceAll('"', '""')}"`).join('.'), piece.at)
}

function literalOf(value: Value | undefined, at: Call['at']): Text {
  if (value?.kind === 'text') return quoted(value, "'")
  return value?.kind === 'plain' ? textAt(String(value.value), at) : hole(at, 'its value is not known')
}

/** Whatever stands in the template and is not made by `sql` is a parameter. */
function templateText({ template = [], args, argsAt, at }: Call): Text {
  const count = { next: 1 }
  return joined(
    template.flatMap((text, i) => {
      const value = args[i]
      return value === undefined ? [text] : [text, inTemplate(value, argsAt[i] ?? at, count)]
    }),
  )
}

function inTemplate(value: Value, at: Call['at'], count: { next: number }): Text {
  const own = fragmentOf(value)
  if (own) return own
  // It may have been made by `sql` elsewhere.
  if (value.kind === 'unknown') return hole(at, value.why, value.name)
  return textAt(`$${count.next++}`, at)
}
