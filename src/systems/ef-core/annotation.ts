import { NotRead } from '../../code/given/not-read.ts'
import { isTrue } from '../../code/given/value.ts'
import { functionOf } from '../../code/host.ts'
import { plain, unknownIn } from '../../code/text.ts'
import type { Host, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'

export type Annotations = ReadonlyMap<string, Value>

/** Something with the annotations that follow its call. */
export interface Annotated {
  readonly annotations: Map<string, Value>
  readonly oldAnnotations: Map<string, Value>
}

/** `.Annotation(name, value)` and `.OldAnnotation(name, value)`. */
export function annotated(target: Annotated & { at: Span }, name: string): Host {
  const own: Host = {
    kind: 'host',
    name,
    get: member => {
      if (member !== 'Annotation' && member !== 'OldAnnotation') return undefined
      return functionOf(member, call => {
        const [key, value] = [call.args[0] ?? call.named?.get('name'), call.args[1] ?? call.named?.get('value')]
        target.at = [Math.min(target.at[0], call.at[0]), Math.max(target.at[1], call.at[1])]
        const into = member === 'Annotation' ? target.annotations : target.oldAnnotations
        if (key?.kind === 'text' && unknownIn(key) === null && value) into.set(plain(key), value)
        else into.set('?', { kind: 'unknown', why: 'the annotation is not known', at: call.at })
        return own
      })
    },
  }
  return own
}

/** The value of an annotation. Throws NotRead if an unknown annotation could be this one. */
export function annotation(annotations: Annotations, name: string): Value | undefined {
  const unknown = annotations.get('?')
  if (unknown?.kind === 'unknown') throw new NotRead(unknown.why, unknown.at)
  const value = annotations.get(name)
  return value?.kind === 'plain' && value.value === null ? undefined : value
}

export function isAnnotated(annotations: Annotations, name: string): boolean {
  return isTrue(annotation(annotations, name))
}

/** The word of an annotation: a text, or a value of an enumeration. */
export function wordOf(annotations: Annotations, name: string): string | null {
  const value = annotation(annotations, name)
  if (value === undefined) return null
  if (value.kind !== 'text' || unknownIn(value) !== null) throw new NotRead(`\`${name}\` is not known`)
  return plain(value)
}

/** Annotations that do not change the SQL. Readers must know all others. */
export function refuseOthers(annotations: Annotations, known: readonly string[], at: Span): void {
  for (const name of annotations.keys())
    if (
      !known.includes(name) &&
      !/^(?:Relational:|MySql|MySQL|SqlServer:|Sqlite:|Oracle:|Npgsql:(?:Name|ValueGenerationStrategy)$)/.test(name)
    )
      throw new NotRead(`the annotation \`${name}\` is not read yet`, at)
}
