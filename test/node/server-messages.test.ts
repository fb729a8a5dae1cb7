import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkedMessages, limits } from '../../src/node/database/server-messages.ts'

function message(kind: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(5)
  head.write(kind)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

function row(values: readonly (string | null)[]): Buffer {
  const parts = values.flatMap(value => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(value === null ? -1 : Buffer.byteLength(value))
    return [length, Buffer.from(value ?? '')]
  })
  return message('D', Buffer.concat([Buffer.from([values.length >> 8, values.length & 255]), ...parts]))
}

const messages = fc.oneof(
  fc.array(fc.option(fc.string({ unit: 'binary' }))).map(row),
  fc.uint8Array().map(body => message('S', body)),
  fc.string({ unit: 'grapheme-ascii' }).map(text => message('E', Buffer.from(`M${text}\0\0`))),
  fc.constant(message('Z', Buffer.from('I'))),
)

test('well-formed messages pass one by one, however they arrive', () => {
  fc.assert(
    fc.property(fc.array(messages), fc.array(fc.nat(40), { minLength: 1 }), (sent, cuts) => {
      const passed: Buffer[] = []
      const take = checkedMessages(each => passed.push(Buffer.from(each)))
      let rest = Buffer.concat(sent)
      for (let i = 0; rest.length > 0; i++) {
        const cut = 1 + (cuts[i % cuts.length] ?? 0)
        take(rest.subarray(0, cut))
        rest = rest.subarray(cut)
      }
      expect(passed).toEqual(sent)
    }),
  )
})

test('other bytes pass only as far as they are messages', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), chunks => {
      const passed: Buffer[] = []
      const take = checkedMessages(each => passed.push(Buffer.from(each)))
      try {
        for (const chunk of chunks) take(Buffer.from(chunk))
      } catch (error) {
        expect(String(error)).toMatch(/^Error: (the server sent|the server does not speak)/)
      }
      const all = Buffer.concat(chunks)
      expect(Buffer.concat(passed)).toEqual(
        all.subarray(
          0,
          passed.reduce((sum, each) => sum + each.length, 0),
        ),
      )
    }),
  )
})

test('a row and its values end at the same byte', () => {
  const good = row(['a', null, ''])
  for (const by of [-1, 1]) {
    const bad = Buffer.from(good)
    bad.writeInt32BE(1 + by, 7)
    expect(() => checkedMessages(() => {})(bad)).toThrow("does not speak PostgreSQL's protocol")
  }
})

test('one answer has its limits, and the next one begins again', () => {
  const ready = message('Z', Buffer.from('I'))
  const full = Buffer.concat(Array.from({ length: limits.answerMessages - 1 }, () => row(['x'])))
  const take = checkedMessages(() => {})
  take(ready)
  take(Buffer.concat([full, ready]))
  take(full)
  take(row(['x']))
  expect(() => take(row(['x']))).toThrow('more rows than were asked for')
})
