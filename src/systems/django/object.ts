import type { Call, Host, Value } from '../../code/value.ts'

/** What migrations import, and what they make of it: `models.CharField(max_length=10)`. Nothing of it runs. */

/** An instance of a class, or what a function or method gave. */
export interface ObjectHere {
  /** Of what it is made, with its module: `django.db.models.CharField`. */
  readonly path: string
  readonly args: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
  readonly call: Call
}

const objects = new WeakMap<Host, ObjectHere>()
const names = new WeakMap<Host, string>()

/** What something is made of; undefined for what is no object of the tool. */
export function objectOf(value: Value | undefined): ObjectHere | undefined {
  return value?.kind === 'host' ? objects.get(value) : undefined
}

/** The path that something was imported by. */
export function nameOf(value: Value | undefined): string | undefined {
  return value?.kind === 'host' ? names.get(value) : undefined
}

/** Something that is imported. `called` is told of each call, and may say what it gives. */
export function imported(path: string, called: (path: string, call: Call) => Value | undefined): Host {
  const made: Host = {
    kind: 'host',
    name: path,
    get: name => imported(`${path}.${name}`, called),
    call: call => called(path, call) ?? object(path, call, call.args, called),
    index: () => made,
  }
  names.set(made, path)
  return made
}

function object(
  path: string,
  call: Call,
  args: readonly Value[],
  called: (path: string, call: Call) => Value | undefined,
): Host {
  const made: Host = {
    kind: 'host',
    name: path,
    // `F('a').desc()`, and `Q(a=1) | Q(b=2)`, which is `Q(a=1).__or__(Q(b=2))`.
    get: name => ({
      kind: 'host',
      name: `${path}.${name}`,
      call: own => called(`${path}.${name}`, own) ?? object(`.${name}`, own, [made, ...own.args], called),
    }),
  }
  objects.set(made, { path, args, named: call.named ?? new Map(), call })
  return made
}
