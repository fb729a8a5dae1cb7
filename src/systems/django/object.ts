import type { Call, Host, Value } from '../../code/value.ts'

/** Objects that migrations import and make: `models.CharField(max_length=10)`. No code of them runs. */

/** An instance of a class, or the result of a function or method. */
export interface ObjectHere {
  /** The path of its class or function: `django.db.models.CharField`. */
  readonly path: string
  readonly args: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
  readonly call: Call
}

const objects = new WeakMap<Host, ObjectHere>()
const names = new WeakMap<Host, string>()

/** How a value was made; undefined for a value that is not an object of the tool. */
export function objectOf(value: Value | undefined): ObjectHere | undefined {
  return value?.kind === 'host' ? objects.get(value) : undefined
}

/** The path by which a value was imported. */
export function nameOf(value: Value | undefined): string | undefined {
  return value?.kind === 'host' ? names.get(value) : undefined
}

/** What a migration imports: what calling it does, with its result if that is known, and whether it reaches rows at most. */
export interface Imports {
  readonly called: (path: string, call: Call) => Value | undefined
  readonly usesRows: (path: string) => boolean
  /** The imported objects by their paths: a migration names most of them many times. */
  readonly known: Map<string, Host>
}

/** An imported object. */
export function imported(path: string, imports: Imports): Host {
  const { called, usesRows, known } = imports
  const before = known.get(path)
  if (before) return before
  const made: Host = {
    kind: 'host',
    name: path,
    ...onlyRows(usesRows(path)),
    get: name => imported(`${path}.${name}`, imports),
    call: call => called(path, call) ?? object(path, call, call.args, called, made.onlyRows),
    index: () => made,
  }
  names.set(made, path)
  known.set(path, made)
  return made
}

function onlyRows(is: boolean | undefined): Pick<Host, 'onlyRows'> {
  return is ? { onlyRows: true } : {}
}

function object(
  path: string,
  call: Call,
  args: readonly Value[],
  called: (path: string, call: Call) => Value | undefined,
  harmless?: boolean,
): Host {
  const made: Host = {
    kind: 'host',
    name: path,
    ...onlyRows(harmless),
    // `F('a').desc()`, and `Q(a=1) | Q(b=2)`, which is `Q(a=1).__or__(Q(b=2))`.
    get: name => ({
      kind: 'host',
      name: `${path}.${name}`,
      ...onlyRows(harmless),
      call: own =>
        (harmless ? undefined : called(`${path}.${name}`, own)) ??
        object(`.${name}`, own, [made, ...own.args], called, harmless),
    }),
  }
  objects.set(made, { path, args, named: call.named ?? new Map(), call })
  return made
}
