import { describe, expect, it } from 'vitest'
import { processorTime } from '../../src/node/clock.ts'

/** Calls it with a limit of 200 ms; true when it was stopped. */
const stopped = (work: () => void) => processorTime.stopped?.(work, 200)

/** TypeScript knows WebAssembly from browsers only. */
const { Module, Instance } = Reflect.get(globalThis, 'WebAssembly') as {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: { readonly f: () => void } }
}

// (func (export "f") (loop (br 0)))
const endless = new Module(
  Uint8Array.from([
    ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0],
    ...[10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11],
  ]),
)

describe('work that does not end by itself is stopped', () => {
  it('in a loop, even one that catches everything', () => {
    expect(
      stopped(() => {
        for (;;) {
          try {
            for (;;);
          } catch {}
        }
      }),
    ).toBe(true)
  })

  it('in a regular expression', () => {
    const slow = /^(a+)+$/
    expect(stopped(() => void slow.test(`${'a'.repeat(40)}b`))).toBe(true)
  })

  it('in WebAssembly', () => {
    const { f } = new Instance(endless).exports
    expect(stopped(f)).toBe(true)
  })

  it('while it waits for a thread', () => {
    const never = new Int32Array(new SharedArrayBuffer(4))
    expect(stopped(() => void Atomics.wait(never, 0, 0))).toBe(true)
  })

  it('and work that ends or throws is not affected', () => {
    let done = false
    expect(
      stopped(() => {
        done = true
      }),
    ).toBe(false)
    expect(done).toBe(true)
    const error = new RangeError('too many')
    expect(() =>
      stopped(() => {
        throw error
      }),
    ).toThrow(error)
  })
})
